using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>What somebody would do without the portal: one tool with its usual options.</summary>
internal static class PlainTools
{
    public const string Pandoc = "pandoc";
    public const string OfficeAndPoppler = "soffice to PDF, pdftotext";
    private const long OfficeAddressBytes = 6L << 30;

    /// <returns>Empty when the tool failed or is missing: nobody gets more out of it.</returns>
    public static async Task<string> PandocAsync(ReadingBay bay, string path, string format, CancellationToken cancellation)
    {
        using var folder = bay.NewFolder();
        var result = await bay.Context(folder).Run("pandoc", ["-f", format, "-t", "gfm", "--wrap=none", path], [path], cancellation);
        return result.Succeeded ? result.Text : "";
    }

    /// <inheritdoc cref="PandocAsync"/>
    public static async Task<string> OfficeAsync(ReadingBay bay, string path, CancellationToken cancellation)
    {
        using var folder = bay.NewFolder();
        var context = bay.Context(folder);
        var made = folder.File(Path.ChangeExtension(Path.GetFileName(path), ".pdf"));
        await context.Run("soffice", ["-env:UserInstallation=" + new Uri(folder.File("profile")).AbsoluteUri, "--headless", "--convert-to", "pdf", "--outdir", folder.Path, path], [path], cancellation,
            context.Limits with { MemoryBytes = OfficeAddressBytes });
        if (!File.Exists(made)) return "";
        var text = await context.Run("pdftotext", ["-enc", "UTF-8", made, "-"], [], cancellation);
        return text.Succeeded ? text.Text : "";
    }
}
