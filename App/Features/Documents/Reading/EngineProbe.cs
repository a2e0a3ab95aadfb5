namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Asks each external tool for its version and languages.</summary>
public sealed class EngineProbe(IProcessRunner runner, ToolChain chain)
{
    private static readonly (string Program, string Argument, string Package)[] Tools =
    [
        ("pdfinfo", "-v", "poppler-utils"),
        ("pdftotext", "-v", "poppler-utils"),
        ("pdftoppm", "-v", "poppler-utils"),
        ("pdfimages", "-v", "poppler-utils"),
        ("qpdf", "--version", "qpdf"),
        ("pandoc", "--version", "pandoc"),
        ("tesseract", "--version", "tesseract-ocr"),
    ];

    public async Task<EngineReport> Report(string workRoot, string languages, CancellationToken cancel)
    {
        using var folder = WorkFolder.Create(workRoot);
        var engines = new List<Engine>();
        foreach (var (program, argument, package) in Tools)
        {
            var result = await runner.Run(new ToolCommand(program, [argument], folder), cancel);
            // poppler writes its version to standard error.
            var line = (result.Text + result.Errors).Split('\n', 2)[0].Trim();
            engines.Add(new Engine(program, result.End == ToolEnd.Exited && line.Length > 0 ? line : null, package));
        }
        var listed = await runner.Run(new ToolCommand("tesseract", ["--list-langs"], folder), cancel);
        var present = listed.Text.Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return new EngineReport(engines, present, [.. languages.Split('+').Except(present)], chain.Level, chain.HasLimits);
    }
}
