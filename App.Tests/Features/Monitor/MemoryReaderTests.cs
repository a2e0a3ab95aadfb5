namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class MemoryReaderTests : IDisposable
{
    private readonly HostFolder _host = new();

    public void Dispose() => _host.Dispose();

    private void Memory(ulong swap = 0, ulong swapFree = 0) => _host.Write("proc/meminfo",
        $"MemTotal:       1000 kB\nMemFree:          50 kB\nMemAvailable:    400 kB\nBuffers:          10 kB\nCached:          300 kB\nSwapCached:        0 kB\nSwapTotal:       {swap} kB\nSwapFree:        {swapFree} kB\nSReclaimable:     20 kB\nHugePages_Total:       0\n");

    [Fact]
    public void Sample_OrdinaryFile_GivesBytes()
    {
        Memory();
        _host.Sample(1);
        _host["memory.total"].ShouldBe(1_024_000f);
        _host["memory.used"].ShouldBe(600 * 1024f);
        _host["memory.available"].ShouldBe(400 * 1024f);
        _host["memory.cache"].ShouldBe(330 * 1024f);
        _host.Catalog.Find("swap.total").ShouldBeNull();
    }

    [Fact]
    public void Sample_SwapSwitchedOnAndOff_ComesAndGoes()
    {
        Memory();
        _host.Sample(1);
        Memory(500, 100);
        _host.Sample(1.1).Sample(1.2);
        _host["swap.total"].ShouldBe(500 * 1024f);
        _host["swap.used"].ShouldBe(400 * 1024f);
        Memory();
        _host.Sample(1.3).Sample(1.4);
        _host.Catalog.Find("swap.total").ShouldBeNull();
    }

    [Fact]
    public void Sample_NothingThere_HasNoMetrics()
    {
        _host.Sample(1).Sample(1.1);
        _host.Measured.ShouldBeEmpty();
    }

    [Fact]
    public void Sample_FileAppearsLater_IsFoundBySearch()
    {
        _host.Sample(1);
        Memory();
        _host.Sample(2);
        _host.Catalog.Find("memory.total").ShouldBeNull();
        _host.Sample(40);
        _host.Catalog.Find("memory.total").ShouldNotBeNull();
    }

    [Fact]
    public void Sample_FileBroken_LeavesValueUnknown()
    {
        Memory();
        _host.Sample(1);
        _host.Write("proc/meminfo", "");
        _host.Sample(1.1);
        _host["memory.total"].ShouldBe(float.NaN);
        Memory();
        _host.Sample(1.2);
        _host["memory.total"].ShouldBe(1_024_000f);
    }

    [Fact]
    public void Container_LimitOnGroupAbove_IsTaken()
    {
        _host.Write("proc/self/cgroup", "1:cpu:/\n0::/portal.slice/one\n")
            .Write("sys/fs/cgroup/portal.slice/one/memory.max", "max\n")
            .Write("sys/fs/cgroup/portal.slice/one/memory.current", "10\n")
            .Write("sys/fs/cgroup/portal.slice/memory.max", "4096\n")
            .Write("sys/fs/cgroup/portal.slice/memory.current", "1024\n")
            .Sample(1);
        _host["container.memory.limit"].ShouldBe(4096f);
        _host["container.memory.used"].ShouldBe(1024f);
    }

    [Fact]
    public void Container_NoLimit_IsAbsent()
    {
        _host.Write("proc/self/cgroup", "0::/\n").Write("sys/fs/cgroup/memory.max", "max\n").Write("sys/fs/cgroup/memory.current", "10\n").Sample(1);
        _host.Measured.ShouldBeEmpty();
    }

    [Fact]
    public void Load_OrdinaryFile_GivesThreeAverages()
    {
        _host.Write("proc/loadavg", "0.09 1.20 12.12 4/108 6695\n").Sample(1);
        _host["load.1"].ShouldBe(0.09f);
        _host["load.5"].ShouldBe(1.2f);
        _host["load.15"].ShouldBe(12.12f);
    }
}
