using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>Images of pages, for those who may see the document. Drawn by poppler in the sandbox, never by the portal itself.</summary>
public sealed class PageImages(
    Guard guard, IDbContextFactory<AppDbContext> databases, IContentStore store, ReadingTools tools, PageImageCache cache, IOptionsMonitor<ReadingOptions> options, ILogger<PageImages> log)
{
    public const int UsualWidth = 1_000;
    public const int LeastWidth = 100;
    public const int LargestWidth = 2_400;
    public const string MediaType = "image/jpeg";
    private const long LargestPixels = 16_000_000;

    // A JPEG has no more in one direction; libjpeg stops a little before.
    private const double LargestSide = 65_000;

    /// <summary>Whether pages of such files have an image: PDF and pictures have.</summary>
    public static bool Has(ContentType? type) => type is ContentType.Pdf || type?.IsImage() == true;

    /// <summary>A JPEG of the page, at most so many pixels wide; null when there is none, or no such document for the caller.</summary>
    /// <param name="number">From 1.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<byte[]?> Open(Guid id, int number, int width, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        // Each time anew, also when the image is on disk: what was deleted or withdrawn is gone at once.
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await db.Visible(caller).Where(d => d.Id == id).Select(d => new { d.Sha256, d.SearchableSha256, d.Type, d.Pages, d.State }).SingleOrDefaultAsync(cancel);
        if (found?.Type is not { } type || !Has(type) || number < 1 || number > (found.Pages ?? 0) || found.State is DocumentState.Waiting) return null;
        // The searchable copy stands upright where the original lies on its side.
        var (sha256, kind) = found.SearchableSha256 is { } upright && store.Contains(upright) ? (upright, ContentType.Pdf) : (found.Sha256, type);
        if (!store.Contains(sha256)) return null;
        var key = new PageImageKey(sha256, number, Math.Clamp(width, LeastWidth, LargestWidth) / 100 * 100);
        var image = await cache.Get(key, stop => Draw(key, kind, stop), cancel);
        // Drawing takes its time, in which the document may have gone.
        return image is not null && await db.Visible(caller).AnyAsync(d => d.Id == id, cancel) ? image : null;
    }

    private async Task<byte[]?> Draw(PageImageKey key, ContentType type, CancellationToken cancel)
    {
        var runner = await tools.Runner(cancel);
        using var folder = WorkFolder.Create(tools.WorkRoot);
        var context = new StepContext(folder, options.CurrentValue, runner, new Progress<StepProgress>(), line => DocumentsLog.PageImageDrawn(log, line));
        var (pdf, page) = (store.PathOf(key.Sha256), key.Page);
        if (type != ContentType.Pdf)
        {
            var made = await PicturePdf.Make(pdf, type, page, context, cancel);
            if (made.Fault is not null) return null;
            (pdf, page) = (made.Path, 1);
        }
        var size = await PdfPageSize.Read(pdf, page, context, cancel);
        if (size.Fault is not null) return null;
        // A page may be a thousand times as high as wide.
        var ratio = size.Size.Width / Math.Max(1, size.Size.Height);
        var width = Math.Max(1, (int)Math.Min(key.Width, Math.Min(Math.Sqrt(LargestPixels * ratio), LargestSide * ratio)));
        var stem = folder.File("image");
        var number = page.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["-jpeg", "-jpegopt", "quality=85", "-f", number, "-l", number, "-singlefile", "-scale-to-x", width.ToString(CultureInfo.InvariantCulture), "-scale-to-y", "-1", pdf, stem];
        var drawn = await context.Run("pdftoppm", arguments, [pdf], cancel);
        var path = stem + ".jpg";
        return drawn.Succeeded && File.Exists(path) ? await File.ReadAllBytesAsync(path, cancel) : null;
    }
}
