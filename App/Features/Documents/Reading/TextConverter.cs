using System.Globalization;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Plain text as it is, in its encoding, cut into sections.</summary>
internal static class TextConverter
{
    public static async Task<StepResult<Conversion>> Convert(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) return TooLarge(context.Options);
        var text = TextDecoding.Decode(await File.ReadAllBytesAsync(path, cancel));
        return text is null ? StepResult<Conversion>.Ended(ReadOutcome.Damaged, "TextDamaged") : Of(text, null, "text");
    }

    public static StepResult<Conversion> Of(string text, string? markdown, string engine)
    {
        // A zero character cannot be stored as text by the database and says nothing to a reader.
        var clean = text.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\0", "");
        var sections = Sections.Cut(clean);
        var alone = sections.Count == 1 ? markdown : null;
        return StepResult<Conversion>.Ready(new Conversion([.. sections.Select((section, i) => new PageText(i + 1, section, alone, TextOrigin.File, null))], [], engine));
    }

    public static StepResult<Conversion> TooLarge(ReadingOptions options) =>
        StepResult<Conversion>.Ended(ReadOutcome.TooLarge, "TextTooLarge", (options.MaxTextBytes >> 20).ToString(CultureInfo.InvariantCulture));
}
