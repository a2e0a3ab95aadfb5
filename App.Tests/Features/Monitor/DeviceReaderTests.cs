namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class DeviceReaderTests : IDisposable
{
    private readonly HostFolder _host = new();

    public void Dispose() => _host.Dispose();

    private void Disks(params (string Name, ulong Read, ulong Written)[] disks) => _host.Write("proc/diskstats",
        string.Concat(disks.Select(disk => $"   8       0 {disk.Name} 11 22 {disk.Read} 44 55 66 {disk.Written} 88 0 99 100 1 2 3 4 5 6\n")));

    private void Cards(params (string Name, ulong Received, ulong Sent)[] cards) => _host.Write("proc/net/dev",
        "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        + string.Concat(cards.Select(card => $"{card.Name,6}:{card.Received} 1 2 3 4 5 6 7 {card.Sent} 1 2 3 4 5 6 7\n")));

    [Fact]
    public void Disk_TwoReadings_GivesBytesPerSecondOfWholeDisksOnly()
    {
        _host.Disk("sda");
        Disks(("loop0", 5, 5), ("sda", 1000, 2000), ("sda1", 1000, 2000));
        _host.Sample(10);
        Disks(("loop0", 5, 5), ("sda", 1200, 2100), ("sda1", 1200, 2100));
        _host.Sample(10.5);
        _host["disk.sda.read"].ShouldBe(200 * 512 / 0.5f);
        _host["disk.sda.write"].ShouldBe(100 * 512 / 0.5f);
        _host["disk.total.read"].ShouldBe(200 * 512 / 0.5f);
        _host.Catalog.Find("disk.sda1.read").ShouldBeNull();
        _host.Catalog.Find("disk.loop0.read").ShouldBeNull();
    }

    [Fact]
    public void Disk_CounterReset_LeavesNoSpike()
    {
        _host.Disk("sda");
        Disks(("sda", 1000, ulong.MaxValue - 3));
        _host.Sample(10);
        Disks(("sda", 3, 5));
        _host.Sample(10.1);
        _host["disk.sda.read"].ShouldBe(float.NaN);
        _host["disk.sda.write"].ShouldBe(float.NaN);
        Disks(("sda", 4, 5));
        _host.Sample(10.2);
        _host["disk.sda.read"].ShouldBe(5120f, 1f);
    }

    [Fact]
    public void Disk_PluggedInWhileRunning_AppearsWithoutSpikeAndKeepsOtherColumns()
    {
        _host.Disk("sda").Disk("sdb");
        Disks(("sda", 1000, 0));
        _host.Sample(10);
        var column = _host.Catalog.Find("disk.sda.read")!.Index;
        Disks(("sdb", 9_000_000, 0), ("sda", 1010, 0));
        _host.Sample(10.1);
        Disks(("sdb", 9_000_001, 0), ("sda", 1020, 0));
        _host.Sample(10.2);
        _host["disk.sdb.read"].ShouldBe(float.NaN);
        _host["disk.sda.read"].ShouldBe(51_200f, 10f);
        Disks(("sdb", 9_000_002, 0), ("sda", 1020, 0));
        _host.Sample(10.3);
        _host["disk.sdb.read"].ShouldBe(5_120f, 10f);
        _host.Catalog.Find("disk.sda.read")!.Index.ShouldBe(column);
    }

    [Fact]
    public void Disk_PulledAndPluggedAgain_KeepsColumnAndLeavesNoSpike()
    {
        _host.Disk("sda").Disk("sdb");
        Disks(("sda", 1000, 0), ("sdb", 7, 7));
        _host.Sample(10);
        var column = _host.Catalog.Find("disk.sdb.read")!.Index;
        Disks(("sda", 1000, 0));
        _host.Sample(10.1);
        _host.Catalog.Find("disk.sdb.read").ShouldBeNull();
        Disks(("sda", 1000, 0), ("sdb", 7_000_000, 7));
        _host.Sample(10.2).Sample(10.3);
        _host.Catalog.Find("disk.sdb.read")!.Index.ShouldBe(column);
        _host["disk.sdb.read"].ShouldBe(float.NaN);
    }

    [Fact]
    public void Disk_NoneOfHardware_IsAbsent()
    {
        Disks(("loop0", 1, 1), ("zram0", 1, 1));
        _host.Sample(10);
        _host.Measured.ShouldBeEmpty();
    }

    [Fact]
    public void Disk_NameWithSlash_IsFoundInSys()
    {
        _host.Disk("cciss!c0d0");
        Disks(("cciss/c0d0", 1, 1));
        _host.Sample(10);
        _host.Catalog.Find("disk.cciss/c0d0.read").ShouldNotBeNull();
    }

    [Fact]
    public void Network_BridgeOverCard_IsShownButNotCountedTwice()
    {
        _host.Card("eth0");
        Cards(("lo", 5, 5), ("eth0", 1000, 10), ("br0", 1000, 10), ("veth12", 7, 7));
        _host.Sample(10);
        Cards(("lo", 50, 50), ("eth0", 3000, 20), ("br0", 3000, 20), ("veth12", 70, 70));
        _host.Sample(12);
        _host["net.eth0.rx"].ShouldBe(1000f);
        _host["net.br0.rx"].ShouldBe(1000f);
        _host["net.total.rx"].ShouldBe(1000f);
        _host["net.total.tx"].ShouldBe(5f);
        _host.Catalog.Find("net.lo.rx").ShouldBeNull();
        _host.Catalog.Find("net.veth12.rx").ShouldBeNull();
    }

    [Fact]
    public void Network_NoHardwareAsInContainer_CountsWhatThereIs()
    {
        Cards(("lo", 0, 0), ("eth0", 0, 0));
        _host.Sample(10);
        Cards(("lo", 0, 0), ("eth0", 100, 50));
        _host.Sample(11);
        _host["net.total.rx"].ShouldBe(100f);
        _host["net.total.tx"].ShouldBe(50f);
    }

    [Fact]
    public void Disk_BusyMilliseconds_GiveShareOfTime()
    {
        _host.Disk("sda").Write("proc/diskstats", "   8       0 sda 1 0 8 5 1 0 8 5 0 1000 10\n").Sample(10);
        _host.Write("proc/diskstats", "   8       0 sda 1 0 8 5 1 0 8 5 0 1250 10\n").Sample(10.5);
        _host["disk.sda.busy"].ShouldBe(50f, 0.1f);
        _host.Write("proc/diskstats", "   8       0 sda 1 0 8 5 1 0 8 5 0 1755 10\n").Sample(11);
        _host["disk.sda.busy"].ShouldBe(100f);
    }

    [Fact]
    public void Network_ErrorsAndDrops_AreSummedOverBothDirections()
    {
        const string Head = "Inter-|\n face |\n";
        _host.Card("eth0").Write("proc/net/dev", Head + "  eth0: 1000 10 1 2 0 0 0 0 500 5 3 4 0 0 0 0\n").Sample(10);
        _host.Write("proc/net/dev", Head + "  eth0: 1000 10 3 2 0 0 0 0 500 5 4 8 0 0 0 0\n").Sample(12);
        _host["net.eth0.errors"].ShouldBe(1.5f);
        _host["net.eth0.drops"].ShouldBe(2f);
    }

    [Fact]
    public void Network_CounterOfThirtyTwoBitsWraps_LeavesNoSpike()
    {
        _host.Card("eth0");
        Cards(("eth0", 4_294_967_000, 10));
        _host.Sample(10);
        Cards(("eth0", 300, 20));
        _host.Sample(10.1);
        _host["net.eth0.rx"].ShouldBe(float.NaN);
        _host["net.total.rx"].ShouldBe(float.NaN);
        Cards(("eth0", 400, 20));
        _host.Sample(10.2);
        _host["net.eth0.rx"].ShouldBe(1000f, 1f);
    }

    [Fact]
    public void Network_MachineWasAsleep_SpreadsBytesOverTrueTime()
    {
        _host.Card("eth0");
        Cards(("eth0", 0, 0));
        _host.Sample(10);
        Cards(("eth0", 7200, 0));
        _host.Sample(3610);
        _host["net.eth0.rx"].ShouldBe(2f);
    }

    [Fact]
    public void Network_TimeStandsOrStepsBack_LeavesNoSpike()
    {
        _host.Card("eth0");
        Cards(("eth0", 0, 0));
        _host.Sample(10);
        Cards(("eth0", 7200, 0));
        _host.Sample(10);
        _host["net.eth0.rx"].ShouldBe(float.NaN);
        Cards(("eth0", 9200, 0));
        _host.Sample(9);
        _host["net.eth0.rx"].ShouldBe(float.NaN);
    }
}
