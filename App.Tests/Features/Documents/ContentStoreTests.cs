using System.Security.Cryptography;
using BlazorAdmin.Features.Documents.Storage;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ContentStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("store-").FullName;
    private readonly ContentStore _store;

    public ContentStoreTests() => _store = new ContentStore(_root, TimeProvider.System);

    [Fact]
    public async Task Save_Bytes_AreFoundUnderTheirHash()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var stored = await _store.Save(new MemoryStream(bytes), 1_000_000, CancellationToken.None);

        stored.ShouldBe(new StoredContent(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, Known: false));
        await using var read = _store.OpenRead(stored.Sha256);
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy);
        copy.ToArray().ShouldBe(bytes);
        _store.PathOf(stored.Sha256).ShouldStartWith(_root);
    }

    [Fact]
    public async Task Save_SameBytesAgain_KeepsOneFile()
    {
        await _store.Save(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);
        var second = await _store.Save(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);

        second.Known.ShouldBeTrue();
        Files().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Save_SameBytesAtOnce_AllSucceedWithOneFile()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.Save(new MemoryStream(bytes), 1_000_000, CancellationToken.None)));

        Files().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Save_MoreThanLimit_ThrowsAndKeepsNothing()
    {
        await Should.ThrowAsync<ContentTooLargeException>(() => _store.Save(new MemoryStream(new byte[101]), 100, CancellationToken.None));

        Files().ShouldBeEmpty();
        (await _store.Save(new MemoryStream(new byte[100]), 100, CancellationToken.None)).Size.ShouldBe(100);
    }

    [Fact]
    public async Task Save_SourceBreaks_KeepsNothing()
    {
        await Should.ThrowAsync<IOException>(() => _store.Save(new BreakingStream(), 1_000_000, CancellationToken.None));

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_BrokenBlobFromACrash_IsReplaced()
    {
        var stored = await _store.Save(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);
        await File.WriteAllBytesAsync(_store.PathOf(stored.Sha256), [1]);

        await _store.Save(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);

        new FileInfo(_store.PathOf(stored.Sha256)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Delete_RecentlySaved_IsKept()
    {
        var stored = await _store.Save(new MemoryStream([1]), 10, CancellationToken.None);

        _store.Delete(stored.Sha256, TimeSpan.FromHours(1)).ShouldBeFalse();
        _store.Delete(stored.Sha256, TimeSpan.Zero).ShouldBeTrue();
        _store.Contains(stored.Sha256).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("")]
    [InlineData("AA3b1f5cc3a3ee9b5ba6d9b5e2b0ba0a0f5ff3a0c1d3e3ce3f2d0f7b9a6f1c2d")]
    public void PathOf_NoHash_IsRefused(string name) => Should.Throw<ArgumentException>(() => _store.PathOf(name));

    [Fact]
    public void RemoveUnfinished_OldPart_IsRemoved()
    {
        var part = Path.Combine(_root, "incoming", "x.part");
        File.WriteAllBytes(part, [1]);

        _store.RemoveUnfinished(TimeSpan.FromDays(1)).ShouldBe(0);
        _store.RemoveUnfinished(TimeSpan.Zero).ShouldBe(1);
        File.Exists(part).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)];

    private sealed class BreakingStream : MemoryStream
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ++_reads > 3 ? throw new IOException("Connection lost.") : ValueTask.FromResult(buffer.Length);
    }
}
