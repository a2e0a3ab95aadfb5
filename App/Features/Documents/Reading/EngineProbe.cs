using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Formats;

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
        (LibreOffice.Program, "--version", OfficePackages),
    ];

    /// <summary>One program, and one package for each kind of file that it reads.</summary>
    private const string OfficePackages = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui";

    /// <summary>Debian packages that bring a tool; null for a tool that is not one of those asked here.</summary>
    public static string? PackageOf(string program) => Tools.FirstOrDefault(tool => tool.Program == program).Package;

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
        // It has no option that says its version.
        var classifier = await runner.Run(new ToolCommand(FastText.Program, [], folder), cancel);
        engines.Add(new Engine(FastText.Program, classifier.End == ToolEnd.Exited ? FastText.InstalledVersion() : null, FastText.Package));
        var listed = await runner.Run(new ToolCommand("tesseract", ["--list-langs"], folder), cancel);
        var present = listed.Text.Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return new EngineReport(engines, present, [.. languages.Split('+').Except(present)], chain.Level, chain.HasLimits);
    }
}
