using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>Families that rest between samples, on texts as several kernels write them.</summary>
public sealed class SlowReaderTests : IDisposable
{
    private readonly HostFolder _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Pressure_KernelSix_GivesMeanOfTenSeconds()
    {
        _host.Write("proc/pressure/cpu", "some avg10=12.34 avg60=5.00 avg300=1.00 total=123456\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
            .Write("proc/pressure/memory", "some avg10=0.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.25 avg60=0.00 avg300=0.00 total=1\n")
            .Write("proc/pressure/io", "some avg10=7.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=6.00 avg60=0.00 avg300=0.00 total=1\n")
            .Sample(10);
        _host["pressure.cpu.some"].ShouldBe(12.34f);
        _host["pressure.memory.full"].ShouldBe(0.25f);
        _host["pressure.io.some"].ShouldBe(7f);
        _host["pressure.io.full"].ShouldBe(6f);
        _host.Catalog.Find("pressure.cpu.full").ShouldBeNull();
    }

    [Fact]
    public void Pressure_KernelWithoutIt_IsAbsent()
    {
        _host.Write("proc/pressure/cpu", "").Sample(10);
        _host.Measured.ShouldBeEmpty();
    }

    [Fact]
    public void System_TwoReadings_GivesRatesAndLevels()
    {
        Stat(1000, 50, 3, 1);
        _host.Write("proc/loadavg", "0.09 1.20 12.12 4/108 6695\n").Write("proc/sys/fs/file-nr", "1440\t0\t2466170\n").Sample(10);
        _host["system.switches"].ShouldBe(float.NaN);
        _host["system.threads"].ShouldBe(108f);
        _host["system.files"].ShouldBe(1440f);
        _host["system.files.max"].ShouldBe(2466170f);
        Stat(3000, 54, 5, 0);
        _host.Sample(12);
        _host["system.switches"].ShouldBe(1000f, 1f);
        _host["system.forks"].ShouldBe(2f, 0.01f);
        _host["system.running"].ShouldBe(5f);
        _host["system.blocked"].ShouldBe(0f);
    }

    [Fact]
    public void System_NoLimitOfFiles_HasNoLimit()
    {
        Stat(1, 1, 1, 0);
        _host.Write("proc/sys/fs/file-nr", "1440\t0\t9223372036854775807\n").Sample(10);
        _host.Catalog.Find("system.files").ShouldNotBeNull();
        _host.Catalog.Find("system.files.max").ShouldBeNull();
    }

    [Fact]
    public void System_CounterGoesBack_LeavesNoSpike()
    {
        Stat(5000, 50, 1, 0);
        _host.Sample(10);
        Stat(10, 1, 1, 0);
        _host.Sample(12);
        _host["system.switches"].ShouldBe(float.NaN);
        _host["system.forks"].ShouldBe(float.NaN);
    }

    [Fact]
    public void Swap_OnlyWhereThereIsSome_GivesBytesPerSecond()
    {
        _host.Write("proc/vmstat", "nr_free_pages 1\npswpin 10\npswpout 20\n").Write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n").Sample(10);
        _host.Measured.ShouldBeEmpty();
        _host.Write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition 8388604 0 100\n").Sample(41);
        _host.Write("proc/vmstat", "nr_free_pages 1\npswpin 12\npswpout 60\n");
        _host.Sample(43);
        _host["swap.in"].ShouldBe((float)Environment.SystemPageSize, 1f);
        _host["swap.out"].ShouldBe(20f * Environment.SystemPageSize, 1f);
    }

    [Fact]
    public void Temperature_ChipsWithAndWithoutLabels_AreNamed()
    {
        _host.Write("sys/class/hwmon/hwmon0/name", "coretemp\n")
            .Write("sys/class/hwmon/hwmon0/temp1_input", "47000\n").Write("sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n")
            .Write("sys/class/hwmon/hwmon0/temp2_input", "-1500\n")
            .Write("sys/class/hwmon/hwmon1/name", "nvme\n").Write("sys/class/hwmon/hwmon1/temp1_input", "")
            .Write("sys/class/thermal/thermal_zone0/temp", "30000\n").Write("sys/class/thermal/thermal_zone0/type", "acpitz\n")
            .Sample(10);
        _host["temperature.coretemp Package id 0"].ShouldBe(47f);
        _host["temperature.coretemp 2"].ShouldBe(-1.5f);
        _host.Catalog.OfFamily(MetricFamily.Temperature).Count().ShouldBe(2);
    }

    [Fact]
    public void Temperature_OnlyThermalZones_AreTaken()
    {
        _host.Write("sys/class/thermal/thermal_zone0/temp", "30500\n").Write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
            .Write("sys/class/thermal/thermal_zone1/temp", "31000\n").Write("sys/class/thermal/thermal_zone1/type", "cpu-thermal\n").Sample(10);
        _host["temperature.cpu-thermal"].ShouldBe(30.5f);
        _host["temperature.cpu-thermal 2"].ShouldBe(31f);
    }

    [Fact]
    public void Frequency_ScaledCores_GivesMeanAndHighest()
    {
        _host.Write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1200000\n").Write("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "3600000\n")
            .Write("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "9\n").Write("proc/cpuinfo", "cpu MHz\t\t: 1.0\n").Sample(10);
        _host["cpu.frequency.mean"].ShouldBe(2.4e9f);
        _host["cpu.frequency.max"].ShouldBe(3.6e9f);
    }

    [Fact]
    public void Frequency_VirtualMachine_IsReadFromCpuInfo()
    {
        _host.Write("proc/cpuinfo", "processor\t: 0\nmodel name\t: x\ncpu MHz\t\t: 2596.098\ncache size\t: 1\n\nprocessor\t: 1\ncpu MHz\t\t: 2600.0\n").Sample(10);
        _host["cpu.frequency.mean"].ShouldBe(2.598049e9f, 1e4f);
        _host["cpu.frequency.max"].ShouldBe(2.6e9f);
    }

    [Fact]
    public void Frequency_ArmWithoutClock_IsAbsent()
    {
        _host.Write("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n").Sample(10);
        _host.Measured.ShouldBeEmpty();
    }

    [Fact]
    public void Space_LocalFileSystems_AreMeasuredOncePerDevice()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "mnt/my data"));
        Directory.CreateDirectory(Path.Combine(_host.Root, "share"));
        _host.Write("etc/hosts", "").Write("proc/mounts",
            "/dev/vda / ext4 rw 0 0\n/dev/vda /etc/hosts ext4 rw 0 0\n/dev/vdb /mnt/my\\040data xfs rw 0 0\nserver:/x /share nfs4 rw 0 0\n/dev/loop0 /snap squashfs ro 0 0\ntmpfs /run tmpfs rw 0 0\n").Sample(10);
        var drive = new DriveInfo(_host.Root);
        _host["space./.total"].ShouldBe((float)drive.TotalSize);
        _host["space./mnt/my data.total"].ShouldBe((float)drive.TotalSize);
        _host["space./.used"].ShouldBe(drive.TotalSize - drive.AvailableFreeSpace, drive.TotalSize * 0.01f);
        _host.Catalog.OfFamily(MetricFamily.DiskSpace).Count().ShouldBe(4);
    }

    [Fact]
    public void Space_MountedWhileRunning_Appears()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "mnt"));
        _host.Write("proc/mounts", "/dev/vda / ext4 rw 0 0\n").Sample(10);
        _host.Write("proc/mounts", "/dev/vda / ext4 rw 0 0\n/dev/vdb /mnt ext4 rw 0 0\n");
        _host.Sample(20);
        _host.Sample(20.1);
        float.IsNaN(_host["space./mnt.used"]).ShouldBeFalse();
    }

    [Fact]
    public void ContainerCpu_SecondVersion_GivesCoresLimitAndThrottling()
    {
        _host.Write("proc/self/cgroup", "0::/portal.slice/one\n")
            .Write("sys/fs/cgroup/portal.slice/one/cpu.max", "max 100000\n").Write("sys/fs/cgroup/portal.slice/cpu.max", "150000 100000\n")
            .Write("sys/fs/cgroup/portal.slice/one/cpu.stat", "usage_usec 1000000\nuser_usec 1\nsystem_usec 1\nnr_periods 100\nnr_throttled 10\nthrottled_usec 5\n").Sample(10);
        _host["container.cpu.limit"].ShouldBe(1.5f);
        _host["container.cpu.used"].ShouldBe(float.NaN);
        _host.Write("sys/fs/cgroup/portal.slice/one/cpu.stat", "usage_usec 1150000\nuser_usec 1\nsystem_usec 1\nnr_periods 102\nnr_throttled 11\nthrottled_usec 5\n").Sample(10.2);
        _host["container.cpu.used"].ShouldBe(0.75f, 0.001f);
        _host["container.cpu.throttled"].ShouldBe(50f, 0.1f);
    }

    [Fact]
    public void ContainerCpu_FirstVersionInsideContainer_GivesCoresOfNanoseconds()
    {
        _host.Write("proc/self/cgroup", "2:cpuacct:/docker/abc\n1:cpu:/docker/abc\n0::/\n")
            .Write("sys/fs/cgroup/cpuacct/cpuacct.usage", "5000000000\n")
            .Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n").Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n").Sample(10);
        _host.Write("sys/fs/cgroup/cpuacct/cpuacct.usage", "5050000000\n").Sample(10.1);
        _host["container.cpu.used"].ShouldBe(0.5f, 0.001f);
        _host.Catalog.Find("container.cpu.limit").ShouldBeNull();
    }

    [Fact]
    public void ContainerCpu_RootGroups_AreTheMachineAndAbsent()
    {
        _host.Write("proc/self/cgroup", "2:cpuacct:/\n0::/\n").Write("sys/fs/cgroup/cpu.stat", "usage_usec 5\n")
            .Write("sys/fs/cgroup/cpuacct/cpuacct.usage", "5\n").Write("sys/fs/cgroup/cpuacct/release_agent", "\n").Sample(10);
        _host.Measured.ShouldBeEmpty();
    }

    private void Stat(ulong switches, ulong forks, int running, int blocked) => _host.Write("proc/stat",
        $"cpu  1 2 3 4 5 6 7 8 9 10\nintr 12 0 0 3\nctxt {switches}\nbtime 1790000000\nprocesses {forks}\nprocs_running {running}\nprocs_blocked {blocked}\nsoftirq 5 1 2\n");
}
