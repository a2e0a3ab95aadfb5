using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Recognition;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class PageImageCacheTests : IDisposable
{
    private static readonly string Sha = new('a', 64);
    private readonly TestFolder _folder = new();
    private readonly DocumentsBench.FixedOptions _options = new();
    private readonly PageImageCache _cache;

    public PageImageCacheTests() => _cache = new PageImageCache(new DataDirectory(_folder.Path), _options, TimeProvider.System, NullLogger<PageImageCache>.Instance);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_ManyAtOnce_DrawsOnceAndKeepsIt()
    {
        var (drawn, release) = (0, new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously));
        Task<byte[]?> Draw(CancellationToken cancel)
        {
            Interlocked.Increment(ref drawn);
            return release.Task;
        }

        var all = Enumerable.Range(0, 20).Select(_ => _cache.Get(new PageImageKey(Sha, 1, 500), Draw, CancellationToken.None)).ToList();
        release.SetResult([1, 2, 3]);

        foreach (var image in await Task.WhenAll(all)) image.ShouldBe([1, 2, 3]);
        (await _cache.Get(new PageImageKey(Sha, 1, 500), _ => throw new InvalidOperationException("It is on disk."), CancellationToken.None)).ShouldBe([1, 2, 3]);
        drawn.ShouldBe(1);
    }

    [Fact]
    public async Task Get_MorePagesThanPlaces_WaitsForAPlace()
    {
        var (most, now) = (0, 0);
        var gates = Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var all = gates.Select((gate, i) => _cache.Get(new PageImageKey(Sha, i, 500), async cancel =>
        {
            lock (gates) most = Math.Max(most, ++now);
            await gate.Task;
            lock (gates) now--;
            return [1];
        }, CancellationToken.None)).ToList();
        await Eventually.Holds(() => _cache.Drawing == 2);

        foreach (var gate in gates) gate.SetResult();
        await Task.WhenAll(all);

        most.ShouldBe(2);
        await Eventually.Holds(() => _cache.Drawing == 0);
    }

    [Fact]
    public async Task Get_EverybodyLeaves_EndsTheDrawing()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        async Task<byte[]?> Draw(CancellationToken cancel)
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancel);
                return null;
            }
            finally
            {
                ended.SetResult();
            }
        }
        var one = _cache.Get(new PageImageKey(Sha, 1, 500), Draw, first.Token);
        var two = _cache.Get(new PageImageKey(Sha, 1, 500), Draw, second.Token);
        await Eventually.Holds(() => _cache.Drawing == 1);

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => one);
        ended.Task.IsCompleted.ShouldBeFalse();
        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => two);

        await ended.Task.WaitAsync(Eventually.DefaultTimeout);
        await Eventually.Holds(() => _cache.Drawing == 0);
        (await _cache.Get(new PageImageKey(Sha, 1, 500), _ => Task.FromResult<byte[]?>([7]), CancellationToken.None)).ShouldBe([7]);
    }

    [Fact]
    public async Task Get_OverTheLimit_DropsTheLeastRecentlyUsed()
    {
        _options.CurrentValue.PageImageMegabytes = 1;
        for (var page = 1; page <= 3; page++) await Put(page);
        foreach (var (page, file) in Files().Order(StringComparer.Ordinal).Select((file, i) => (i + 1, file))) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(page - 10));
        await _cache.Get(new PageImageKey(Sha, 1, 500), _ => throw new InvalidOperationException("It is on disk."), CancellationToken.None);

        await Put(4);

        Files().Select(Path.GetFileName).ShouldBe([$"{Sha}-1-500.jpg", $"{Sha}-3-500.jpg", $"{Sha}-4-500.jpg"], ignoreOrder: true);
    }

    [Fact]
    public async Task Remove_Bytes_TakesAllTheirImages()
    {
        await Put(1);
        await Put(2);
        await _cache.Get(new PageImageKey(new string('b', 64), 1, 500), _ => Task.FromResult<byte[]?>([1]), CancellationToken.None);
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var drawing = _cache.Get(new PageImageKey(Sha, 3, 500), _ =>
        {
            begun.SetResult();
            return release.Task;
        }, CancellationToken.None);
        await begun.Task.WaitAsync(Eventually.DefaultTimeout);

        _cache.Remove(Sha);
        release.SetResult([1]);
        await drawing;

        Files().ShouldHaveSingleItem().ShouldContain(new string('b', 64));
    }

    private Task Put(int page) => _cache.Get(new PageImageKey(Sha, page, 500), _ => Task.FromResult<byte[]?>(new byte[300 << 10]), CancellationToken.None);

    private IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(Path.Combine(_folder.Path, "page-images"), "*", SearchOption.AllDirectories)];
}
