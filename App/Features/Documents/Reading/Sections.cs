using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Cuts long text without pages into sections of readable size.</summary>
internal static class Sections
{
    public const int Characters = 12_000;

    /// <summary>Cuts at blank lines where there are some, at line ends or anywhere otherwise; no character is lost but the cut blank lines.</summary>
    public static List<string> Cut(string text)
    {
        var sections = new List<string>();
        var rest = text.AsSpan();
        while (rest.Length > Characters)
        {
            var window = rest[..Characters];
            var cut = window.LastIndexOf("\n\n");
            if (cut < Characters / 2) cut = window.LastIndexOf('\n');
            if (cut < Characters / 2) cut = window.LastIndexOf(' ');
            if (cut < Characters / 2) cut = char.IsHighSurrogate(window[^1]) ? Characters - 1 : Characters;
            sections.Add(rest[..cut].ToString().TrimEnd());
            rest = rest[cut..].TrimStart('\n');
        }
        if (!rest.IsWhiteSpace() || sections.Count == 0) sections.Add(rest.ToString().TrimEnd());
        return sections;
    }

    /// <summary>Letters and digits: the measure of whether there is text at all.</summary>
    public static int Letters(string text)
    {
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) letters++;
        }
        return letters;
    }
}
