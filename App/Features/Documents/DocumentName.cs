using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents;

/// <summary>Makes the name that a sender gave a file fit to be shown, searched and offered for download.</summary>
public static class DocumentName
{
    private const string Fallback = "document";

    /// <summary>The last segment of a path, without control and direction characters, at most 255 characters with the ending kept.</summary>
    public static string Clean(string? name)
    {
        var last = (name ?? "").Replace('\\', '/').Split('/')[^1];
        var kept = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            // Cf holds the marks that make "gpj.exe" read as "exe.jpg".
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) continue;
            kept.Append(rune.ToString());
        }
        var clean = kept.ToString().Normalize(NormalizationForm.FormC).Trim();
        if (clean.Trim('.').Length == 0) return Fallback;
        return clean.Length <= Document.NameLength ? clean : Shorten(clean);
    }

    private static string Shorten(string name)
    {
        var ending = Path.GetExtension(name);
        if (ending.Length > 20) ending = "";
        var room = Document.NameLength - ending.Length;
        if (char.IsHighSurrogate(name[room - 1])) room--;
        return name[..room] + ending;
    }
}
