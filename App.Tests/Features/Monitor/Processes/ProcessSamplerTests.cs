using System.Diagnostics;
using System.Globalization;
using BlazorAdmin.Features.Monitor.Processes;

namespace BlazorAdmin.Tests.Features.Monitor.Processes;

[Collection(Alone.Name)]
public sealed class ProcessSamplerTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 9, 21, 14, 13, 20, TimeSpan.Zero);

    private readonly HostFolder _host = new();
    private readonly ProcessSampler _sampler;

    public ProcessSamplerTests()
    {
        _host.Write("proc/stat", "cpu  1 2 3 4\nbtime 1790000000\n").Write("etc/passwd", "root:x:0:0::/root:/bin/sh\nportal:x:1001:1001::/:/bin/sh\n");
        _sampler = new ProcessSampler(_host.Root);
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _host.Dispose();
    }

    private void Write(int pid, ulong ticks, ulong started, string name = "worker", string command = "worker\0--token=abc\0", ulong read = 0, ulong written = 0, int uid = 1001) => _host
        .Write($"proc/{pid}/stat", $"{pid} ({name}) S 1 1 1 0 -1 0 0 0 0 0 {ticks} 0 0 0 20 0 3 0 {started} 5000 10 0\n")
        .Write($"proc/{pid}/cmdline", command).Write($"proc/{pid}/status", $"Name:\tx\nUid:\t{uid}\t{uid}\t0\t0\n")
        .Write($"proc/{pid}/io", $"rchar: 9\nwchar: 9\nsyscr: 1\nsyscw: 1\nread_bytes: {read}\nwrite_bytes: {written}\ncancelled_write_bytes: 0\n");

    private ProcessRow? Find(double now, int pid) => _sampler.Sample(now, At).Processes.FirstOrDefault(process => process.Pid == pid);

    [Fact]
    public void Sample_Twice_GivesFactsAndRates()
    {
        Write(42, 100, 500, read: 1000, written: 0);
        var first = Find(10, 42).ShouldNotBeNull();
        first.Cpu.ShouldBeNull();
        first.Read.ShouldBeNull();
        (first.Name, first.Command, first.User, first.State, first.Parent, first.Threads).ShouldBe(("worker", "worker --token=***", "portal", 'S', 1, 3));
        first.Memory.ShouldBe(10L * Environment.SystemPageSize);
        first.StartedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_790_000_005));
        Write(42, 200, 500, read: 1000, written: 6000);
        var second = Find(12, 42).ShouldNotBeNull();
        second.Cpu.ShouldBe(0.5);
        (second.Read, second.Written, second.Traffic).ShouldBe((0d, 3000d, 3000d));
    }

    [Fact]
    public void Sample_NumberGivenAgain_IsAnotherProcess()
    {
        Write(42, 10_000, 500, "old", "old\0");
        Find(10, 42);
        Write(42, 20_000, 900, "new", "new\0", uid: 4242);
        var row = Find(11, 42).ShouldNotBeNull();
        (row.Name, row.Command, row.User).ShouldBe(("new", "new", "4242"));
        row.Cpu.ShouldBeNull();
        row.StartedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_790_000_009));
    }

    [Fact]
    public void Sample_ProcessStartsAnotherProgram_ShowsIt()
    {
        Write(42, 10, 500, "sh", "sh\0");
        Find(10, 42);
        Write(42, 20, 500, "psql", "psql\0--password\0x\0");
        Find(11, 42).ShouldNotBeNull().Command.ShouldBe("psql --password ***");
    }

    [Fact]
    public void Sample_ProcessesComeAndGo_AreFollowed()
    {
        Write(42, 10, 500);
        Write(43, 10, 600);
        _sampler.Sample(10, At).Processes.Select(process => process.Pid).ShouldBe([42, 43], ignoreOrder: true);
        _host.DeleteFolder("proc/42");
        Write(44, 1, 700);
        _sampler.Sample(11, At).Processes.Select(process => process.Pid).ShouldBe([43, 44], ignoreOrder: true);
    }

    [Fact]
    public void Sample_ThreadOfTheKernel_HasItsNameInBrackets()
    {
        Write(42, 10, 500, "kworker/0:1", "");
        Find(10, 42).ShouldNotBeNull().Command.ShouldBe("[kworker/0:1]");
    }

    [Fact]
    public void Sample_CounterGoesBack_LeavesNoSpike()
    {
        Write(42, 1000, 500, read: 9000);
        Find(10, 42);
        Write(42, 900, 500, read: 10);
        var row = Find(11, 42).ShouldNotBeNull();
        row.Cpu.ShouldBeNull();
        row.Read.ShouldBeNull();
    }

    [Fact]
    public void Sample_ThisMachine_SeesItselfAndItsChildren()
    {
        if (!ProcessSampler.IsPossible("/")) return;
        using var sampler = new ProcessSampler("/");
        using var child = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        try
        {
            var row = sampler.Sample(1, At).Processes.Single(process => process.Pid == child.Id);
            row.Parent.ShouldBe(Environment.ProcessId);
            row.StartedAt.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));
            row.Threads.ShouldBe(1);
            var now = 2.0;
            Measured.Agrees(() =>
            {
                var ps = Run("ps", "-o", "user=,rss=,nlwp=", "-p", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var own = sampler.Sample(now++, At).Processes.Single(process => process.Pid == Environment.ProcessId);
                own.User.ShouldBe(ps[0]);
                var resident = double.Parse(ps[1], CultureInfo.InvariantCulture) * 1024;
                own.Memory.ShouldBeInRange((long)(resident * 0.7), (long)(resident * 1.3));
            });
            ProcessSampler.Handles("/", Environment.ProcessId).ShouldNotBeNull().ShouldBeInRange(10, 100_000);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
        sampler.Sample(100, At).Processes.ShouldNotContain(process => process.Pid == child.Id);
        ProcessSampler.Handles("/", child.Id).ShouldBeNull();
    }

    [Fact]
    public async Task Sample_BusyChild_AgreesWithItsCpuTime()
    {
        if (!ProcessSampler.IsPossible("/")) return;
        using var sampler = new ProcessSampler("/");
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "while :; do :; done"]))!;
        try
        {
            await Measured.AgreesAsync(async () =>
            {
                var (began, before) = (Now(), Ticks(child.Id));
                sampler.Sample(Now(), At);
                await Eventually.Holds(() => Now() - began > 1.2);
                var row = sampler.Sample(Now(), At).Processes.Single(process => process.Pid == child.Id);
                var expected = (Ticks(child.Id) - before) / 100 / (Now() - began);
                row.Cpu.ShouldNotBeNull().ShouldBe(expected, 0.1);
                row.Command.ShouldBe("sh -c while :; do :; done");
            });
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    [Fact]
    public void Sample_Steady_KeepsFilesOpenAndAllocatesLittle()
    {
        if (!ProcessSampler.IsPossible("/")) return;
        using var sampler = new ProcessSampler("/");
        var count = 0;
        var now = 0;
        for (var i = 0; i < 5; i++) count = sampler.Sample(now++, At).Processes.Count;
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) sampler.Sample(now++, At);
            // The rows themselves; new processes of the machine meanwhile cost some more.
            ((GC.GetAllocatedBytesForCurrentThread() - before) / 10.0 / count).ShouldBeLessThan(1500);
        });
    }

    private static double Now() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static double Ticks(int pid) => double.Parse(Run("awk", "{ print $14 + $15 }", $"/proc/{pid}/stat"), CultureInfo.InvariantCulture);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Trim();
    }
}
