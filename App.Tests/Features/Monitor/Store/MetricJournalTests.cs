using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class MetricJournalTests : IDisposable
{
    private const long Minute = 1_767_600_000_000;
    private static readonly MetricCatalog Catalog = CatalogOf(1, "cpu.total", "memory.used");

    private readonly TestFolder _folder = new();
    private readonly MetricJournal _journal;

    public MetricJournalTests() => _journal = new MetricJournal(_folder.Path);

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Append_Rows_AreReadBackBitForBit()
    {
        var random = new Random(51);
        var (times, values) = (TestSeries.Times(random, Minute, 300), TestSeries.Any(random, 600));
        for (var first = 0; first < 300; first += 10) Append(times.AsSpan(first, 10), values.AsSpan(first * 2, 20));
        _journal.CloseBefore(Minute + 60_000);

        var content = JournalReader.Read(_journal.Take(Minute + 60_000)!.Path, Minute);

        content.DamagedRecords.ShouldBe(0);
        content.EndedInOrder.ShouldBeFalse();
        content.Samples.Times.ShouldBe(times);
        content.Samples.Series.Select(s => s.Name.Key).ShouldBe(["cpu.total", "memory.used"]);
        for (var column = 0; column < 2; column++)
            content.Samples.Series[column].Values.Select(BitConverter.SingleToUInt32Bits).ShouldBe(Enumerable.Range(0, 300).Select(i => BitConverter.SingleToUInt32Bits(values[2 * i + column])));
    }

    [Fact]
    public void Read_EveryLengthOfTornTail_KeepsWhatWasWhole()
    {
        Append([Minute, Minute + 100], [1, 2, 3, 4]);
        var whole = Bytes().Length;
        Append([Minute + 200], [5, 6]);
        var bytes = Bytes();

        for (var length = whole; length <= bytes.Length; length++)
        {
            var content = JournalReader.Read(bytes.AsSpan(0, length), Minute);
            content.Samples.Times.Length.ShouldBe(length == bytes.Length ? 3 : 2);
            content.DamagedRecords.ShouldBe(length == whole || length == bytes.Length ? 0 : 1);
        }
    }

    [Fact]
    public void Read_WrongChecksum_StepsOverThatRecordOnly()
    {
        Append([Minute], [1, 2]);
        var second = Bytes().Length;
        Append([Minute + 100], [3, 4]);
        Append([Minute + 200], [5, 6]);
        var bytes = Bytes();
        bytes[second + JournalFrame.HeaderBytes + 20] ^= 0x40;

        var content = JournalReader.Read(bytes, Minute);

        content.Samples.Times.ShouldBe([Minute, Minute + 200]);
        content.DamagedRecords.ShouldBe(1);
    }

    [Fact]
    public void Read_RandomDamage_NeverThrowsAndInventsNothing()
    {
        var random = new Random(52);
        for (var row = 0; row < 20; row++) Append([Minute + row * 100], [row, row]);
        var bytes = Bytes();
        for (var round = 0; round < 200; round++)
        {
            var damaged = bytes.ToArray();
            for (var hit = random.Next(1, 6); hit > 0; hit--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var content = JournalReader.Read(damaged, Minute);
            foreach (var (_, values) in content.Samples.Series)
                for (var i = 0; i < values.Length; i++)
                    values[i].ShouldBe((content.Samples.Times[i] - Minute) / 100);
        }
    }

    [Fact]
    public void Append_AcrossMinutes_SplitsThem()
    {
        Append([Minute + 59_900, Minute + 60_000, Minute + 60_100], [1, 1, 2, 2, 3, 3]);

        var first = _journal.Take(Minute + 62_000)!;

        first.Minute.ShouldBe(Minute);
        JournalReader.Read(first.Path, Minute).Samples.Times.ShouldBe([Minute + 59_900]);
        MetricJournal.Done(first);
        _journal.Take(Minute + 62_000).ShouldBeNull("the other is being written");
        _journal.CloseBefore(Minute + 120_000);
        JournalReader.Read(_journal.Take(Minute + 120_000)!.Path, Minute + 60_000).Samples.Times.Length.ShouldBe(2);
    }

    [Fact]
    public void Take_SamplesThatComeLater_BeginAFileOfTheirOwn()
    {
        Append([Minute], [1, 1]);
        _journal.CloseBefore(Minute + 60_000);
        var taken = _journal.Take(Minute + 60_000)!;
        Append([Minute + 500], [2, 2]);
        _journal.CloseBefore(Minute + 60_000);

        _journal.Take(Minute + 60_000).ShouldBe(taken, "one that was taken comes first");
        MetricJournal.Done(taken);
        JournalReader.Read(_journal.Take(Minute + 60_000)!.Path, Minute).Samples.Times.ShouldBe([Minute + 500]);
    }

    [Fact]
    public void Append_OtherColumns_KeepTheirNames()
    {
        Append([Minute], [1, 2]);
        var other = CatalogOf(2, "cpu.total", "memory.used", "disk.vda.read");
        _journal.Append(other, [Minute + 100.4], [3, 4, 5]);

        var samples = JournalReader.Read(Bytes(), Minute).Samples;

        samples.Times.ShouldBe([Minute, Minute + 100]);
        samples.Series.Single(s => s.Name.Key == "disk.vda.read").Values.ShouldBe([float.NaN, 5]);
    }

    [Fact]
    public void Finish_Stopped_IsSeenUntilSomethingFollows()
    {
        Append([Minute], [1, 2]);
        _journal.Finish();
        JournalReader.Read(Bytes(), Minute).EndedInOrder.ShouldBeTrue();
        Append([Minute + 100], [1, 2]);
        JournalReader.Read(Bytes(), Minute).EndedInOrder.ShouldBeFalse();
    }

    [Fact]
    public void Trim_NoRoom_DropsTheOldestAndCountsIt()
    {
        for (var minute = 0; minute < 4; minute++)
            for (var row = 0; row < 10; row++) Append([Minute + minute * 60_000 + row * 100], [1, 2]);
        var size = new FileInfo(_journal.Files()[0].Path).Length;

        _journal.Trim(2 * size + 10).ShouldBe(20);

        _journal.Files().Select(f => f.Minute).ShouldBe([Minute + 120_000, Minute + 180_000]);
    }

    [Fact]
    public void With_SamplesOfTheSameMinute_IsTheirUnion()
    {
        var cpu = new SeriesName("cpu", MetricFamily.Cpu, MetricKind.Percent, null);
        var disk = new SeriesName("disk", MetricFamily.Disk, MetricKind.Bytes, "vda");
        var first = new MinuteSamples(Minute, [Minute, Minute + 200], [(cpu, [1, 2])]);
        var second = new MinuteSamples(Minute, [Minute + 100, Minute + 200], [(cpu, [3, float.NaN]), (disk, [4, 5])]);

        var both = first.With(second);

        both.Times.ShouldBe([Minute, Minute + 100, Minute + 200]);
        both.Series.Single(s => s.Name == cpu).Values.ShouldBe([1, 3, 2]);
        both.Series.Single(s => s.Name == disk).Values.ShouldBe([float.NaN, 4, 5]);
        both.With(first).Times.ShouldBe(both.Times);
    }

    private void Append(ReadOnlySpan<long> times, ReadOnlySpan<float> values)
    {
        var whole = new double[times.Length];
        for (var i = 0; i < times.Length; i++) whole[i] = times[i];
        _journal.Append(Catalog, whole, values);
    }

    private byte[] Bytes() => File.ReadAllBytes(_journal.Files().Single().Path);

    private static MetricCatalog CatalogOf(int version, params string[] keys) =>
        new(version, keys.Length, keys.Select((key, i) => new Metric(i, key, MetricFamily.Cpu, null, MetricKind.Percent)));
}
