using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>
/// On every node, for each keeps page images of its own: removes those of bytes that were erased as soon as it is told, and, because a
/// node that was down or cut off is not told, at start, after lost messages and once an hour those of bytes that no row has.
/// </summary>
internal sealed class PageImageFollower : PeriodicService
{
    private const int Part = 500;
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);
    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly PageImageCache _images;
    private readonly ILogger<PageImageFollower> _log;
    private readonly IDisposable _subscription;
    private long _lookedAt;
    private int _isAsked = 1;

    public PageImageFollower(IDbContextFactory<AppDbContext> databases, DatabaseState database, PageImageCache images, Topic<ContentErased> erased, TimeProvider time, ILogger<PageImageFollower> log)
        : base(database, TimeSpan.FromMinutes(1), time)
    {
        (_databases, _images, _log) = (databases, images, log);
        _subscription = erased.Subscribe(content => images.Remove(content.Sha256), missed: () => Volatile.Write(ref _isAsked, 1));
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isAsked, 0) == 0 && Time.GetElapsedTime(_lookedAt) < LookAgain) return;
        _lookedAt = Time.GetTimestamp();
        try
        {
            if (await RemoveUnusedAsync(cancellation) is > 0 and var removed) DocumentsLog.PageImagesRemoved(_log, removed);
        }
        catch
        {
            Volatile.Write(ref _isAsked, 1);
            throw;
        }
    }

    protected override void Report(Exception exception) => DocumentsLog.PageImagesLookFailed(_log, exception);

    /// <returns>Of how many files the images went.</returns>
    internal async Task<int> RemoveUnusedAsync(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var part in _images.Hashes().Chunk(Part))
        {
            await using var db = await _databases.CreateDbContextAsync(cancellation);
            var used = await db.UsedContents(part, cancellation);
            foreach (var sha256 in part.Where(one => !used.Contains(one)))
            {
                _images.Remove(sha256);
                removed++;
            }
        }
        return removed;
    }
}
