using System.Globalization;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Text of a PDF page by page with poppler.</summary>
internal static class PdfConverter
{
    private const int PagesPerRun = 50;
    private const int LettersOfText = 8;

    public static async Task<StepResult<Conversion>> Convert(ConvertInput input, StepContext context, CancellationToken cancel)
    {
        var count = input.Inspection.Pages ?? 1;
        var pages = new List<PageText>(count);
        long characters = 0;
        for (var first = 1; first <= count; first += PagesPerRun)
        {
            var last = Math.Min(count, first + PagesPerRun - 1);
            context.Progress.Report(new StepProgress(5 + 35.0 * first / count, new ReadReason("ReadingPages", Text(first), Text(last), Text(count))));
            var texts = await Read(input.Source.Path, first, last, context, cancel);
            if (texts.Fault is { } fault) return new(fault.Outcome, null, fault.Reason);
            foreach (var text in texts.Pages) pages.Add(Page(pages.Count + 1, text));
            characters += texts.Pages.Sum(text => (long)text.Length);
            if (characters > context.Options.MaxTextBytes) return StepResult<Conversion>.Ended(ReadOutcome.TooLarge, "TextTooLarge", Text((int)(context.Options.MaxTextBytes >> 20)));
        }
        return StepResult<Conversion>.Ready(new Conversion(pages, await Unread(input.Source.Path, pages, context, cancel), "poppler"));
    }

    /// <summary>Pages without text, with text that nobody can read, and those whose few letters lie over a picture of the page.</summary>
    private static async Task<IReadOnlyList<int>> Unread(string path, List<PageText> pages, StepContext context, CancellationToken cancel)
    {
        var unread = pages.Where(page => page.Origin == TextOrigin.None).Select(page => page.Number).ToHashSet();
        foreach (var page in pages.Where(page => page.Origin == TextOrigin.File && PageNeeds.IsGarbage(page.Text)))
        {
            unread.Add(page.Number);
            context.Log($"page {page.Number}: its text is not readable, so it is recognised");
        }
        var few = pages.Where(page => page.Origin == TextOrigin.File && Sections.Letters(page.Text) < PageNeeds.FewLetters && !unread.Contains(page.Number)).Select(page => page.Number).ToList();
        foreach (var (number, percent) in await PageNeeds.CoveredByPictures(path, few, context, cancel))
        {
            unread.Add(number);
            context.Log($"page {number}: {Sections.Letters(pages[number - 1].Text)} letters over a picture that covers {percent} % of it, so it is recognised");
        }
        return [.. unread.Order()];
    }

    private static PageText Page(int number, string text)
    {
        var trimmed = text.Trim('\f', '\n', '\r', ' ');
        return Sections.Letters(trimmed) >= LettersOfText
            ? new PageText(number, trimmed, null, TextOrigin.File, null)
            : new PageText(number, trimmed, null, TextOrigin.None, null);
    }

    private static async Task<(IReadOnlyList<string> Pages, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Read(string path, int first, int last, StepContext context, CancellationToken cancel)
    {
        var result = await context.Run("pdftotext", ["-enc", "UTF-8", "-f", Text(first), "-l", Text(last), path, "-"], [path], cancel);
        var wanted = last - first + 1;
        if (result.Succeeded)
        {
            // Every page ends with a form feed; a form feed inside a page would shift all that follow, so then page by page.
            var pages = result.Text.Split('\f');
            if (pages.Length == wanted + 1 && pages[^1].Length == 0) return (pages[..wanted], null);
            if (wanted == 1) return ([result.Text], null);
        }
        else if (wanted == 1)
        {
            // One page that poppler cannot read: recognition may still; only a missing tool ends the whole reading.
            return result.End == ToolEnd.NotStarted ? ([], ToolFaults.Of(result, "pdftotext", ReadOutcome.Damaged, "PdfDamaged")) : ([""], null);
        }
        else if (result.End != ToolEnd.Exited && result.End != ToolEnd.OutputTooLarge)
        {
            return ([], ToolFaults.Of(result, "pdftotext", ReadOutcome.Damaged, "PdfDamaged"));
        }

        var single = new List<string>(wanted);
        for (var number = first; number <= last; number++)
        {
            var one = await Read(path, number, number, context, cancel);
            if (one.Fault is not null) return one;
            single.AddRange(one.Pages);
        }
        return (single, null);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
