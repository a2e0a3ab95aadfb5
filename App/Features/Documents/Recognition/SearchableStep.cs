using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>
/// Makes a PDF of the same pages with the recognised text laid invisibly over them, pages turned upright: the text layers come from the runs
/// of recognition that were made anyway, qpdf lays them over the original pages, whose pictures stay as they are.
/// </summary>
public sealed class SearchableStep : IDocumentStep<SearchableInput, SearchableFile>
{
    public string Name => "searchable";

    public string Version => "1";

    public async Task<StepResult<SearchableFile>> Run(SearchableInput input, StepContext context, CancellationToken cancel)
    {
        var original = await Original(input, context, cancel);
        if (original.Fault is { } fault) return new(fault.Outcome, null, fault.Reason);
        var covered = new List<RecognisedPage>();
        foreach (var page in input.Recognised)
        {
            // Recognised before a restart: its layer went with the folder of that run.
            if (!File.Exists(PageRecognition.LayerOf(context, page.Number))) await OcrStep.Again(new OcrInput(input.Source, input.Type, page.Number), page.Way, context, cancel);
            if (File.Exists(PageRecognition.LayerOf(context, page.Number))) covered.Add(page);
        }
        if (covered.Count == 0) return StepResult<SearchableFile>.Ended(ReadOutcome.NoText, "NoText");
        var layers = context.Folder.File("layers.pdf");
        var joined = await Join([.. covered.Select(page => PageRecognition.LayerOf(context, page.Number))], layers, context, cancel);
        if (joined is { } broken) return new(broken.Outcome, null, broken.Reason);

        var path = context.Folder.File("searchable.pdf");
        var turns = covered.Where(page => page.Way.Turn != 0).GroupBy(page => page.Way.Turn).Select(pages => $"--rotate=+{Text(pages.Key)}:{Numbers(pages)}");
        // With a deterministic id the same pages give the same bytes, which the store keeps once.
        string[] arguments = ["--deterministic-id", original.Path, .. turns, "--overlay", layers, $"--to={Numbers(covered)}", "--", path];
        var made = await context.Run("qpdf", arguments, [original.Path], cancel);
        if (Fault(made) is { } unmade) return new(unmade.Outcome, null, unmade.Reason);
        var file = new FileInfo(path);
        return file is { Exists: true, Length: > 0 } ? StepResult<SearchableFile>.Ready(new SearchableFile(path, file.Length)) : StepResult<SearchableFile>.Ended(ReadOutcome.Damaged, "PdfDamaged");
    }

    /// <summary>The pages that the text is laid over: the PDF itself, or the pictures each on a page.</summary>
    private static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Original(SearchableInput input, StepContext context, CancellationToken cancel)
    {
        if (input.Type == ContentType.Pdf) return (input.Source.Path, null);
        var pages = new List<string>();
        for (var page = 1; page <= input.Pages; page++)
        {
            var made = await PicturePdf.WithoutText(input.Source.Path, input.Type, page, context, cancel);
            if (made.Fault is not null) return made;
            pages.Add(made.Path);
        }
        if (pages is [var single]) return (single, null);
        var path = context.Folder.File("pictures.pdf");
        return (path, await Join(pages, path, context, cancel));
    }

    private static async Task<(ReadOutcome Outcome, ReadReason Reason)?> Join(IReadOnlyList<string> files, string into, StepContext context, CancellationToken cancel) =>
        Fault(await context.Run("qpdf", ["--empty", "--pages", .. files, "--", into], [], cancel));

    /// <summary>Code 3 of qpdf is success with warnings about a file that was not quite in order.</summary>
    private static (ReadOutcome Outcome, ReadReason Reason)? Fault(ToolResult result) =>
        result is { End: ToolEnd.Exited, ExitCode: 3 } ? null : ToolFaults.Of(result, "qpdf", ReadOutcome.Damaged, "PdfDamaged");

    private static string Numbers(IEnumerable<RecognisedPage> pages) => string.Join(',', pages.Select(page => Text(page.Number)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
