using System.Buffers.Binary;
using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class TickStreamTests
{
    private static readonly MetricCatalog Catalog = new(1, 2, [new Metric(0, "a", MetricFamily.Cpu, null, MetricKind.Percent), new Metric(1, "b", MetricFamily.Cpu, null, MetricKind.Percent)]);

    private readonly SampleRing _ring = new(100);
    private readonly TickBroadcaster _broadcaster;
    private readonly byte[] _buffer = new byte[32 * 1024];

    public TickStreamTests()
    {
        _broadcaster = new TickBroadcaster(_ring);
        _broadcaster.Publish(Catalog, 0, 0, [0, 0]);
    }

    private void Tick()
    {
        var value = _ring.Last + 1;
        var sequence = _ring.Append(value * 100, [value, -value]);
        _broadcaster.Publish(Catalog, sequence, value * 100, [value, -value]);
    }

    private void Ticks(int count)
    {
        for (var i = 0; i < count; i++) Tick();
    }

    private static List<long> Sequences(ReadOnlySpan<byte> bytes)
    {
        var found = new List<long>();
        while (bytes.Length > 0)
        {
            BinaryPrimitives.ReadUInt32LittleEndian(bytes).ShouldBe(TickPayload.Magic);
            var sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]).ShouldBe(sequence * 100);
            BinaryPrimitives.ReadSingleLittleEndian(bytes[TickPayload.HeaderBytes..]).ShouldBe(sequence);
            found.Add(sequence);
            bytes = bytes[TickPayload.Size(count)..];
        }
        return found;
    }

    private async Task<List<long>> Read(TickStream stream)
    {
        var read = await stream.ReadAsync(_buffer);
        return Sequences(_buffer.AsSpan(0, read));
    }

    [Fact]
    public async Task ReadAsync_SampleAfterRead_CompletesWithinPublish()
    {
        using var stream = _broadcaster.Open(0);
        var read = stream.ReadAsync(_buffer);
        read.IsCompleted.ShouldBeFalse();
        Tick();
        read.IsCompleted.ShouldBeTrue();
        Sequences(_buffer.AsSpan(0, await read)).ShouldBe([1]);
    }

    [Fact]
    public async Task ReadAsync_FastReader_LosesNothing()
    {
        using var stream = _broadcaster.Open(0);
        for (var i = 1; i <= 200; i++)
        {
            var read = Read(stream);
            Tick();
            (await read).ShouldBe([i]);
        }
        stream.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task ReadAsync_SlowReader_LosesOldestAndCountsThem()
    {
        using var stream = _broadcaster.Open(0);
        var first = Read(stream);
        Tick();
        await first;
        Ticks(10);
        var got = new List<long>();
        for (var i = 0; i < 4; i++) got.AddRange(await Read(stream));
        got.ShouldBe([8, 9, 10, 11]);
        stream.Dropped.ShouldBe(6);
        _broadcaster.Dropped.ShouldBe(6);
    }

    [Fact]
    public async Task Open_SinceEarlierSample_ReplaysWhatIsMissingThenGoesLive()
    {
        Ticks(20);
        using var stream = _broadcaster.Open(15);
        Tick();
        (await Read(stream)).ShouldBe([16, 17, 18, 19, 20, 21]);
        var live = Read(stream);
        Tick();
        (await live).ShouldBe([22]);
    }

    [Fact]
    public async Task Open_SinceNewest_WaitsForNext()
    {
        Ticks(5);
        using var stream = _broadcaster.Open(5);
        var read = Read(stream);
        read.IsCompleted.ShouldBeFalse();
        Tick();
        (await read).ShouldBe([6]);
    }

    [Fact]
    public async Task ReadAsync_TicksWhileReplayIsRead_GivesEachOnce()
    {
        Ticks(50);
        using var stream = _broadcaster.Open(0);
        var got = new List<long>();
        var small = new byte[TickPayload.Size(2) * 3];
        while (got.Count < 90)
        {
            var read = await stream.ReadAsync(small);
            got.AddRange(Sequences(small.AsSpan(0, read)));
            if (_ring.Last < 90) Tick();
        }
        got.ShouldBe(Enumerable.Range(1, 90).Select(i => (long)i));
    }

    [Fact]
    public async Task ReadAsync_BufferSmallerThanSample_GivesItInParts()
    {
        Ticks(3);
        using var stream = _broadcaster.Open(0);
        var all = new List<byte>();
        var tiny = new byte[7];
        while (all.Count < 3 * TickPayload.Size(2))
        {
            var read = await stream.ReadAsync(tiny);
            all.AddRange(tiny[..read]);
        }
        Sequences(all.ToArray()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Complete_WaitingRead_ReturnsZeroAndLeavesNoViewer()
    {
        var stream = _broadcaster.Open(0);
        _broadcaster.Viewers.ShouldBe(1);
        var read = stream.ReadAsync(_buffer);
        stream.Complete();
        (await read).ShouldBe(0);
        (await stream.ReadAsync(_buffer)).ShouldBe(0);
        _broadcaster.Viewers.ShouldBe(0);
        stream.Complete();
        Tick();
    }

    [Fact]
    public async Task Dispose_Stream_Completes()
    {
        var stream = _broadcaster.Open(0);
        var read = stream.ReadAsync(_buffer);
        await stream.DisposeAsync();
        (await read).ShouldBe(0);
        _broadcaster.Viewers.ShouldBe(0);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_ThrowsAndStreamGoesOn()
    {
        using var stream = _broadcaster.Open(0);
        using var cancel = new CancellationTokenSource();
        var read = stream.ReadAsync(_buffer, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await read);
        Tick();
        (await Read(stream)).ShouldBe([1]);
    }

    [Fact]
    public void Publish_NobodyWatching_AllocatesNothing()
    {
        float[] row = [1, 2];
        var number = 1;
        _broadcaster.Publish(Catalog, number, 100, row);
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 2; i < 500; i++) _broadcaster.Publish(Catalog, ++number, number * 100, row);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        });
    }

    [Fact]
    public void Publish_ManyWatching_BuildsOnePayload()
    {
        var streams = Enumerable.Range(0, 50).Select(_ => _broadcaster.Open(0)).ToList();
        var reads = streams.Select(stream => stream.ReadAsync(_buffer)).ToList();
        Tick();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Tick();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200);
        reads.ShouldAllBe(read => read.IsCompleted);
        streams.ForEach(stream => stream.Dispose());
        _broadcaster.Viewers.ShouldBe(0);
    }

    [Fact]
    public void Since_AgeGiven_FindsFirstSampleInsideIt()
    {
        Ticks(50);
        _broadcaster.Since(TimeSpan.FromSeconds(1), DateTimeOffset.FromUnixTimeMilliseconds(5000)).ShouldBe(39);
        _broadcaster.Since(TimeSpan.FromSeconds(100), DateTimeOffset.FromUnixTimeMilliseconds(5000)).ShouldBe(0);
        _broadcaster.Since(TimeSpan.Zero, DateTimeOffset.FromUnixTimeMilliseconds(9000)).ShouldBe(50);
    }

    [Fact]
    public void Publish_NewCatalog_IsAnnouncedOnce()
    {
        var announced = 0;
        _broadcaster.CatalogChanged += () => announced++;
        Tick();
        announced.ShouldBe(0);
        _broadcaster.Publish(MetricCatalog.Empty, 9, 900, []);
        announced.ShouldBe(1);
    }
}
