using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Storage;

/// <summary>Each node keeps page images of its own, and what is erased goes from all of them.</summary>
public sealed class PageImageFollowerTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Erase_OnOneNode_RemovesTheImagesOfAll()
    {
        using var here = new Node(_bench);
        using var there = new Node(_bench);
        here.Bus.To = there.Erased;
        var person = await _bench.Person(DocumentsBench.Member);
        var (id, other) = (await person.Upload("a.txt", Zips.Bytes($"a {Guid.NewGuid()}")), await person.Upload("b.txt", Zips.Bytes($"b {Guid.NewGuid()}")));
        var (gone, kept) = ((await _bench.Load(id)).Sha256, (await _bench.Load(other)).Sha256);
        foreach (var node in new[] { here, there }) await node.Draw(gone, kept);
        await person.Service.Delete([id], default);

        await new EraseDocumentHandler(_bench.Databases, TimeProvider.System, here.Erased).RunAsync(new EraseDocument(id, (await _bench.Load(id)).DeletedAt), new TestJob(1, null), default);

        (here.Images.Hashes().ShouldHaveSingleItem(), there.Images.Hashes().ShouldHaveSingleItem()).ShouldBe((kept, kept));
        // Whoever ordered it in the bin has the bytes erased by a job; it tells as well.
        await new EraseContentsHandler(_bench.Databases, _bench.Store, here.Erased).RunAsync(new EraseContents([kept]), new TestJob(1, null), default);
        (here.Images.Hashes().Any(), there.Images.Hashes().Any()).ShouldBe((false, false));
    }

    [Fact]
    public async Task Start_AfterMessagesWereMissed_RemovesWhatNoRowHas()
    {
        using var node = new Node(_bench);
        var person = await _bench.Person(DocumentsBench.Member);
        var kept = (await _bench.Load(await person.Upload("a.txt", Zips.Bytes($"a {Guid.NewGuid()}")))).Sha256;
        await node.Draw(kept, new string('a', 64), new string('b', 64));

        await node.StartAsync();
        await Eventually.Holds(() => node.Images.Hashes().SequenceEqual([kept]));

        // The connection to the other nodes was lost for a while.
        await node.Draw(new string('c', 64));
        node.Time.Advance(TimeSpan.FromMinutes(1));
        ((ITopic)node.Erased).ReceiveGap();
        await Eventually.Holds(() =>
        {
            node.Time.Advance(TimeSpan.FromMinutes(1));
            return node.Images.Hashes().SequenceEqual([kept]);
        });
    }

    /// <summary>A data folder, a cache and a topic of its own.</summary>
    private sealed class Node : IDisposable
    {
        private readonly TestFolder _folder = new();
        private readonly DatabaseState _ready = new();
        private readonly PageImageFollower _follower;

        public Node(DocumentsBench bench)
        {
            Images = new PageImageCache(new DataDirectory(_folder.Path), bench.Options, TimeProvider.System, NullLogger<PageImageCache>.Instance);
            Erased = new Topic<ContentErased>("documents.contents", Bus, NullLogger<Topic<ContentErased>>.Instance);
            _follower = new PageImageFollower(bench.Databases, _ready, Images, Erased, Time, NullLogger<PageImageFollower>.Instance);
        }

        public PageImageCache Images { get; }

        public Wire Bus { get; } = new();

        public Topic<ContentErased> Erased { get; }

        public FakeTime Time { get; } = new(DateTimeOffset.UtcNow);

        public async Task Draw(params string[] hashes)
        {
            foreach (var sha256 in hashes) await Images.Get(new PageImageKey(sha256, 1, 500), _ => Task.FromResult<byte[]?>([1]), default);
        }

        public async Task StartAsync()
        {
            _ready.SetReady();
            await _follower.StartAsync(default);
        }

        public void Dispose()
        {
            _follower.StopAsync(default).GetAwaiter().GetResult();
            _follower.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>Carries messages to one other node as the real one does: as text.</summary>
    private sealed class Wire : INodeBus
    {
        public ITopic? To { get; set; }

        public void Send(string topic, object message) => To?.Receive(JsonSerializer.SerializeToElement(message, message.GetType(), JsonSerializerOptions.Web));
    }
}
