using System.Diagnostics;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ProcessRunnerTests
{
    public static TheoryData<IsolationLevel> Levels => [IsolationLevel.None, IsolationLevel.Namespaces, IsolationLevel.Sandbox];

    [Fact]
    public async Task Run_Program_ReturnsOutputAndCode()
    {
        using var bench = await ReadingBench.Create();
        var result = await Shell(bench, "echo out; echo err >&2; exit 3");

        result.End.ShouldBe(ToolEnd.Exited);
        result.ExitCode.ShouldBe(3);
        result.Text.ShouldBe("out\n");
        result.Errors.ShouldBe("err\n");
    }

    [Fact]
    public async Task Run_ArgumentsWithShellCharacters_ArriveAsTheyAre()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var result = await bench.Runner.Run(new ToolCommand("printf", ["%s", "$(id); `id` > x | & \" '"], folder), CancellationToken.None);

        result.Text.ShouldBe("$(id); `id` > x | & \" '");
    }

    [Fact]
    public async Task Run_MissingProgram_IsNotStarted()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();

        (await bench.Runner.Run(new ToolCommand("no-such-tool", [], folder), CancellationToken.None)).End.ShouldBe(ToolEnd.NotStarted);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Run_OverTime_EndsGrandchildrenThatLeftTheGroup(IsolationLevel level)
    {
        using var bench = await At(level);
        var result = await Shell(bench, "setsid sleep 300 & sleep 300 & sleep 300", new ToolLimits { WallClock = TimeSpan.FromMilliseconds(700) });

        result.End.ShouldBe(ToolEnd.TimedOut);
        result.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Run_ProgramLeavesBackgroundProcess_EndsIt(IsolationLevel level)
    {
        using var bench = await At(level);
        var result = await Shell(bench, "setsid sleep 300 > /dev/null 2>&1 & exit 0");

        result.Succeeded.ShouldBeTrue();
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Cancelled_ThrowsAndLeavesNothing()
    {
        using var bench = await ReadingBench.Create();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        using var folder = bench.NewFolder();
        var clock = Stopwatch.StartNew();

        await Should.ThrowAsync<OperationCanceledException>(() => bench.Runner.Run(new ToolCommand("sh", ["-c", "trap '' TERM INT; sleep 300 & wait"], folder), cancel.Token));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_OverProcessorTime_IsTimedOut()
    {
        using var bench = await ReadingBench.Create();
        var result = await Shell(bench, "while :; do :; done", new ToolLimits { Processor = TimeSpan.FromSeconds(1), WallClock = TimeSpan.FromSeconds(300) });

        result.End.ShouldBe(ToolEnd.TimedOut);
        result.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(200));
    }

    [Fact]
    public async Task Run_OverMemory_IsOutOfMemory()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var command = new ToolCommand("tesseract", [Gray(bench, 6_000), "stdout"], folder) { Reads = [Path.Combine(Path.GetDirectoryName(bench.WorkRoot)!, "gray.pgm")], Limits = new ToolLimits { MemoryBytes = 96L << 20 } };

        (await bench.Runner.Run(command, CancellationToken.None)).Succeeded.ShouldBeFalse();
        (await Shell(bench, "head -c 300000000 /dev/zero | sort > /dev/null", new ToolLimits { MemoryBytes = 64L << 20, FileBytes = 1 << 20 })).Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_OutputOverLimit_IsOutputTooLarge()
    {
        using var bench = await ReadingBench.Create();
        var result = await Shell(bench, "yes", new ToolLimits { OutputBytes = 100_000 });

        result.End.ShouldBe(ToolEnd.OutputTooLarge);
        result.Output.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Run_FileOverLimit_IsOutputTooLarge()
    {
        using var bench = await ReadingBench.Create();

        (await Shell(bench, "exec head -c 50000000 /dev/zero > big", new ToolLimits { FileBytes = 1 << 20 })).End.ShouldBe(ToolEnd.OutputTooLarge);
    }

    [Fact]
    public async Task Run_ManyFilesOverFolderLimit_IsOutputTooLarge()
    {
        using var bench = await ReadingBench.Create();
        var limits = new ToolLimits { FileBytes = 8 << 20, FolderBytes = 16 << 20 };

        (await Shell(bench, "i=0; while :; do i=$((i+1)); head -c 4000000 /dev/zero > f$i; sleep 0.02; done", limits)).End.ShouldBe(ToolEnd.OutputTooLarge);
    }

    [Fact]
    public async Task Run_Environment_IsPrivate()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var result = await bench.Runner.Run(new ToolCommand("env", [], folder), CancellationToken.None);
        var names = result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).Except(["PWD", "SHLVL", "_"]);

        names.ShouldBe(["PATH", "HOME", "TMPDIR", "LANG", "OMP_THREAD_LIMIT", StepMarker.Variable], ignoreOrder: true);
        result.Text.ShouldContain($"HOME={folder.Home}");
    }

    [IsolatedFact(IsolationLevel.Namespaces)]
    public async Task Run_Isolated_SeesNoNetwork()
    {
        using var bench = await ReadingBench.Create();
        (await Shell(bench, "cat /proc/net/dev | grep -v lo: | tail -n +3 | wc -l")).Text.Trim().ShouldBe("0");
    }

    [IsolatedFact(IsolationLevel.Sandbox)]
    public async Task Run_InASandbox_CannotWriteElsewhere()
    {
        using var bench = await ReadingBench.Create();
        var outside = Path.Combine(Path.GetTempPath(), "written-by-tool-" + Guid.NewGuid().ToString("n"));

        await Shell(bench, $"echo x > {outside}; echo x > /usr/written-by-tool");

        File.Exists(outside).ShouldBeFalse();
        File.Exists("/usr/written-by-tool").ShouldBeFalse();
    }

    [Fact]
    public async Task EndAll_OwnerIsGone_EndsOnlyItsProcesses()
    {
        using var bench = await ReadingBench.Create();
        // The mark of a portal that crashed: a process id that cannot live with that start time.
        using var orphan = StartMarked(bench.Marker with { OwnerStart = 1, Step = Guid.NewGuid() });
        using var living = StartMarked(bench.Marker.NewStep());
        try
        {
            LeftoverProcesses.EndAll(bench.Marker).ShouldBe(1);

            orphan.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
            living.HasExited.ShouldBeFalse();
        }
        finally
        {
            living.Kill();
        }
    }

    [Fact]
    public void Parse_Marker_RoundTrips()
    {
        var marker = StepMarker.ForThisProcess("/data", "node-1").NewStep();

        StepMarker.Parse(marker.ToString()).ShouldBe(marker);
        StepMarker.Parse("something else").ShouldBeNull();
    }

    private static Process StartMarked(StepMarker marker)
    {
        var start = new ProcessStartInfo("sleep", ["300"]);
        start.Environment[StepMarker.Variable] = marker.ToString();
        return Process.Start(start)!;
    }

    private static async Task<ReadingBench> At(IsolationLevel level)
    {
        var best = await ReadingBench.Create();
        if (best.Chain.Level == level || level > best.Chain.Level) return best;
        best.Dispose();
        return await ReadingBench.Create(level);
    }

    private static async Task<ToolResult> Shell(ReadingBench bench, string script, ToolLimits? limits = null)
    {
        using var folder = bench.NewFolder();
        return await bench.Runner.Run(new ToolCommand("sh", ["-c", script], folder) { Limits = limits ?? new ToolLimits { WallClock = TimeSpan.FromMinutes(5) } }, CancellationToken.None);
    }

    private static string Gray(ReadingBench bench, int side) =>
        bench.Write("gray.pgm", [.. System.Text.Encoding.ASCII.GetBytes($"P5 {side} {side} 255\n"), .. new byte[side * side]]);
}
