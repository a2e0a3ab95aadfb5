using System.Globalization;
using BlazorAdmin.Features.Documents.Formats;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Finds the type by content and refuses what cannot or must not be read, before any converter sees the file.</summary>
public sealed class InspectStep : IDocumentStep<DocumentSource, Inspection>
{
    public string Name => "inspect";

    public string Version => "2";

    public async Task<StepResult<Inspection>> Run(DocumentSource input, StepContext context, CancellationToken cancel)
    {
        await using var file = File.OpenRead(input.Path);
        var type = ContentSniffer.Detect(file, input.Name);
        context.Log($"{type}, {file.Length} bytes");
        var found = new Inspection(type, file.Length, null);
        var result = await Judge(file, found, input, context, cancel);
        // What was found is told also when it cannot be read.
        return result with { Output = result.Output ?? found };
    }

    private static async Task<StepResult<Inspection>> Judge(Stream file, Inspection found, DocumentSource input, StepContext context, CancellationToken cancel)
    {
        var type = found.Type;
        if (file.Length > context.Options.MaxFileBytes) return Ended(ReadOutcome.TooLarge, "FileTooLarge", context.Options.MaxFileBytes >> 20);
        if (ByType(type) is { } refused) return refused;
        if ((type.IsPackage() || type == ContentType.Zip) && new ArchiveGuard(context.Options).Check(file, cancel) is { } trap) return new(trap.Outcome, null, trap.Reason);
        if (type is ContentType.Odt or ContentType.Ods or ContentType.Odp && IsEncryptedOpenDocument(file)) return StepResult<Inspection>.Ended(ReadOutcome.NeedsPassword, "NeedsPassword");
        if (type.IsImage()) return Picture(file, found, context.Options);
        if (type == ContentType.Pdf) return await Pdf(input, found, context, cancel);
        return IsReadable(type) ? StepResult<Inspection>.Ready(found) : StepResult<Inspection>.Ended(ReadOutcome.Unsupported, "TypeNotSupported", type.Extension().ToUpperInvariant());
    }

    /// <summary>Types that the steps after this one read.</summary>
    public static bool IsReadable(ContentType type) => type.IsImage() || Converters.Types.Contains(type);

    private static StepResult<Inspection>? ByType(ContentType type) => type switch
    {
        ContentType.Empty => StepResult<Inspection>.Ended(ReadOutcome.Empty, "FileEmpty"),
        ContentType.Unknown => StepResult<Inspection>.Ended(ReadOutcome.Unsupported, "TypeUnknown"),
        ContentType.Executable => StepResult<Inspection>.Ended(ReadOutcome.Unsupported, "TypeExecutable"),
        ContentType.EncryptedOffice => StepResult<Inspection>.Ended(ReadOutcome.NeedsPassword, "NeedsPassword"),
        ContentType.CompoundFile => StepResult<Inspection>.Ended(ReadOutcome.Unsupported, "TypeUnknown"),
        _ => null,
    };

    private static StepResult<Inspection> Picture(Stream file, Inspection found, ReadingOptions options)
    {
        try
        {
            var facts = ImageHeader.Read(file, found.Type, options.MaxPages);
            if (facts.Pixels > options.MaxPixels) return Ended(ReadOutcome.TooLarge, "PictureTooLarge", options.MaxPixels / 1_000_000);
            if (facts.Pages > options.MaxPages) return Ended(ReadOutcome.TooManyPages, "TooManyPages", options.MaxPages);
            return StepResult<Inspection>.Ready(found with { Pages = facts.Pages });
        }
        catch (InvalidDataException)
        {
            return StepResult<Inspection>.Ended(ReadOutcome.Damaged, "PictureDamaged");
        }
    }

    private static async Task<StepResult<Inspection>> Pdf(DocumentSource input, Inspection found, StepContext context, CancellationToken cancel)
    {
        var result = await context.Run("pdfinfo", [input.Path], [input.Path], cancel);
        if (result.Errors.Contains("Incorrect password", StringComparison.OrdinalIgnoreCase)) return StepResult<Inspection>.Ended(ReadOutcome.NeedsPassword, "NeedsPassword");
        if (ToolFaults.Of(result, "pdfinfo", ReadOutcome.Damaged, "PdfDamaged") is { } fault) return new(fault.Outcome, null, fault.Reason);
        var line = result.Text.Split('\n').FirstOrDefault(text => text.StartsWith("Pages:", StringComparison.Ordinal));
        if (line is null || !int.TryParse(line.AsSpan(6).Trim(), CultureInfo.InvariantCulture, out var pages)) return StepResult<Inspection>.Ended(ReadOutcome.Damaged, "PdfDamaged");
        if (pages <= 0) return StepResult<Inspection>.Ended(ReadOutcome.Empty, "PdfWithoutPages");
        return pages > context.Options.MaxPages
            ? Ended(ReadOutcome.TooManyPages, "TooManyPages", context.Options.MaxPages)
            : StepResult<Inspection>.Ready(found with { Pages = pages });
    }

    private static bool IsEncryptedOpenDocument(Stream file)
    {
        var directory = ZipDirectory.Read(file, maxEntries: 10_000);
        return directory.Find("META-INF/manifest.xml") is { } manifest
            && directory.ReadEntry(file, manifest, 256 << 10).AsSpan().IndexOf("encryption-data"u8) >= 0;
    }

    private static StepResult<Inspection> Ended(ReadOutcome outcome, string reason, long limit) =>
        StepResult<Inspection>.Ended(outcome, reason, limit.ToString(CultureInfo.InvariantCulture));
}
