namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class CpuReaderTests : IDisposable
{
    private readonly HostFolder _host = new();

    public void Dispose() => _host.Dispose();

    /// <summary>Fields: user nice system idle iowait irq softirq steal guest guest_nice, in 10 ms.</summary>
    private void Stat(params (int Core, ulong Busy, ulong Idle)[] cores) => _host.Write("proc/stat",
        $"cpu  1 2 3 4 5 6 7 8 9 10\n{string.Concat(cores.Select(core => $"cpu{core.Core} {core.Busy} 0 0 {core.Idle} 0 0 0 0 0 0\n"))}intr 12 0 0\nctxt 99\n");

    [Fact]
    public void Sample_FirstReading_HasNoShare()
    {
        Stat((0, 100, 1000));
        _host.Sample(10);
        _host["cpu.total"].ShouldBe(float.NaN);
    }

    [Fact]
    public void Sample_OneSecondLater_GivesShareOfElapsedTime()
    {
        Stat((0, 0, 1000), (1, 0, 1000));
        _host.Sample(10);
        Stat((0, 75, 1025), (1, 0, 1100));
        _host.Sample(11);
        _host["cpu.core.0"].ShouldBe(75f, 0.01f);
        _host["cpu.core.1"].ShouldBe(0f, 0.01f);
        _host["cpu.total"].ShouldBe(37.5f, 0.01f);
    }

    [Fact]
    public void Sample_LateTick_DividesByTrueElapsedTime()
    {
        Stat((0, 0, 1000));
        _host.Sample(10);
        Stat((0, 100, 1100));
        _host.Sample(12);
        _host["cpu.core.0"].ShouldBe(50f, 0.01f);
    }

    [Fact]
    public void Sample_TenAHertz_LooksBackOneSecondOnly()
    {
        ulong idle = 1000;
        for (var i = 0; i <= 40; i++)
        {
            // Idle for three seconds, then fully busy for one.
            if (i is > 0 and <= 30) idle += 10;
            Stat((0, 0, idle));
            _host.Sample(10 + i * 0.1);
        }
        _host["cpu.core.0"].ShouldBe(100f, 0.01f);
    }

    [Fact]
    public void Sample_IowaitStepsBack_LeavesCoreUnknown()
    {
        Stat((0, 0, 1000), (1, 0, 1000));
        _host.Sample(10);
        Stat((0, 0, 990), (1, 50, 1050));
        _host.Sample(11);
        _host["cpu.core.0"].ShouldBe(float.NaN);
        _host["cpu.total"].ShouldBe(50f, 0.01f);
    }

    [Fact]
    public void Sample_CoreComesAndGoes_ChangesCatalogWithoutSpike()
    {
        Stat((0, 0, 1000));
        _host.Sample(10);
        var version = _host.Catalog.Version;
        Stat((0, 0, 1010), (1, 500_000, 20));
        _host.Sample(10.1);
        _host.Catalog.Version.ShouldBeGreaterThan(version);
        _host.Sample(10.2);
        _host["cpu.core.1"].ShouldBe(float.NaN);
        Stat((0, 0, 1100));
        _host.Sample(11.2);
        _host.Sample(11.3);
        _host.Catalog.Find("cpu.core.1").ShouldBeNull();
        _host.Catalog.Find("cpu.core.0").ShouldNotBeNull();
    }

    [Fact]
    public void Sample_CoresOutOfOrder_FindsEach()
    {
        Stat((3, 0, 1000), (0, 0, 1000));
        _host.Sample(10);
        Stat((0, 0, 1100), (3, 0, 1000));
        _host.Sample(11);
        _host["cpu.core.0"].ShouldBe(0f, 0.01f);
        _host["cpu.core.3"].ShouldBe(100f, 0.01f);
    }

    [Fact]
    public void Sample_OneSecondLater_SplitsTicksByState()
    {
        _host.Write("proc/stat", "cpu  100 10 50 1000 20 3 7 10 0 0\ncpu0 100 10 50 1000 20 3 7 10 0 0\nctxt 9\n");
        _host.Sample(10);
        _host.Write("proc/stat", "cpu  130 15 70 1025 30 5 10 15 0 0\ncpu0 130 15 70 1025 30 5 10 15 0 0\nctxt 9\n");
        _host.Sample(11);
        _host["cpu.state.user"].ShouldBe(30f, 0.01f);
        _host["cpu.state.nice"].ShouldBe(5f, 0.01f);
        _host["cpu.state.system"].ShouldBe(20f, 0.01f);
        _host["cpu.state.iowait"].ShouldBe(10f, 0.01f);
        _host["cpu.state.irq"].ShouldBe(5f, 0.01f);
        _host["cpu.state.steal"].ShouldBe(5f, 0.01f);
    }

    [Fact]
    public void Sample_KernelWithoutSteal_LeavesThatStateUnknown()
    {
        _host.Write("proc/stat", "cpu  100 10 50 1000 0 0 0\ncpu0 100 10 50 1000 0 0 0\n").Sample(10);
        _host.Write("proc/stat", "cpu  150 10 50 1050 0 0 0\ncpu0 150 10 50 1050 0 0 0\n").Sample(11);
        _host["cpu.state.user"].ShouldBe(50f, 0.01f);
        _host["cpu.state.irq"].ShouldBe(0f);
        _host["cpu.state.steal"].ShouldBe(float.NaN);
    }

    [Fact]
    public void Sample_IowaitStepsBack_LeavesThatStateUnknownAndTheOthersRight()
    {
        _host.Write("proc/stat", "cpu  100 0 0 1000 50 0 0 0 0 0\ncpu0 100 0 0 1000 50 0 0 0 0 0\n").Sample(10);
        _host.Write("proc/stat", "cpu  150 0 0 1050 40 0 0 0 0 0\ncpu0 150 0 0 1050 40 0 0 0 0 0\n").Sample(11);
        _host["cpu.state.iowait"].ShouldBe(float.NaN);
        _host["cpu.state.user"].ShouldBe(50f, 0.01f);
    }

    [Fact]
    public void Sample_MachineWasPaused_ShowsNoBusyCore()
    {
        ulong idle = 1000;
        for (var i = 0; i < 20; i++)
        {
            Stat((0, 0, idle += 10));
            _host.Sample(10 + i * 0.1);
        }
        // The clock went on for a minute, the idle counter did not.
        Stat((0, 0, idle += 10));
        _host.Sample(72);
        _host["cpu.core.0"].ShouldBe(float.NaN);
        Stat((0, 0, idle += 10));
        _host.Sample(72.1);
        _host["cpu.core.0"].ShouldBe(0f, 0.01f);
    }

    [Fact]
    public void Sample_SlowInterval_IsNoPause()
    {
        Stat((0, 0, 1000));
        _host.Sample(10);
        Stat((0, 500, 1500));
        _host.Sample(20);
        Stat((0, 1000, 2000));
        _host.Sample(30);
        _host["cpu.core.0"].ShouldBe(50f, 0.01f);
    }

    [Fact]
    public void Sample_ClockOfTheProcessStepsBack_LeavesNoSpike()
    {
        Stat((0, 0, 1000));
        _host.Sample(10);
        Stat((0, 0, 1100));
        _host.Sample(9);
        _host["cpu.core.0"].ShouldBe(float.NaN);
    }
}
