using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace BlazorAdmin.Features.Mail;

/// <summary>The declared templates with their delivered texts.</summary>
public sealed class MailCatalog(IEnumerable<MailTemplate> templates)
{
    private const string TextMark = "--- text", HtmlMark = "--- html";

    private readonly FrozenDictionary<string, MailTemplate> _templates = templates.ToFrozenDictionary(t => t.Key);
    private readonly ConcurrentDictionary<(string Key, string Language), MailParts> _delivered = new();

    /// <summary>The languages that templates have.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "de"];

    public IEnumerable<MailTemplate> All => _templates.Values.OrderBy(t => t.Key, StringComparer.Ordinal);

    public MailTemplate? Find(string key) => _templates.GetValueOrDefault(key);

    /// <summary>A language that templates have, for a culture's name; null for others.</summary>
    public static string? LanguageOf(string? culture) => culture is null ? null : Languages.FirstOrDefault(l => culture.StartsWith(l, StringComparison.OrdinalIgnoreCase));

    /// <summary>The texts as they come with the program: version 0.</summary>
    /// <exception cref="InvalidOperationException">The program lacks them.</exception>
    public MailParts Delivered(string key, string language) => _delivered.GetOrAdd((key, language), Read);

    private static MailParts Read((string Key, string Language) which)
    {
        var name = $"BlazorAdmin.Mail.{which.Key}-{which.Language}.mail";
        using var stream = typeof(MailCatalog).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program lacks the mail {name}.");
        using var reader = new StreamReader(stream);
        var source = reader.ReadToEnd().ReplaceLineEndings("\n");
        var (text, html) = (source.IndexOf(TextMark, StringComparison.Ordinal), source.IndexOf(HtmlMark, StringComparison.Ordinal));
        if (text < 0 || html < text) throw new InvalidOperationException($"The mail {name} lacks its parts.");
        return new MailParts(source[..text].Trim(), source[(text + TextMark.Length)..html].Trim() + "\n", source[(html + HtmlMark.Length)..].Trim() + "\n");
    }
}
