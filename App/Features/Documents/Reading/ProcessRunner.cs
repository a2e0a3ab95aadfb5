using System.ComponentModel;
using System.Diagnostics;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// Runs tools without a shell, in their own session, marked, with a clean environment, under limits of time, memory and output,
/// shut off as far as <see cref="ToolChain"/> found possible.
/// </summary>
public sealed class ProcessRunner(ToolChain chain, StepMarker owner, TimeProvider time) : IProcessRunner
{
    private const int ErrorBytes = 64 << 10;
    private const int SignalProcessorTime = 128 + 24;
    private const int SignalFileSize = 128 + 25;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan KillWithin = TimeSpan.FromSeconds(5);
    private static readonly string[] MemoryWords = ["bad_alloc", "out of memory", "heap exhausted", "heap overflow", "cannot allocate memory", "memoryerror", "memory exhausted"];

    /// <summary>A runner at the strictest isolation that works on this machine.</summary>
    /// <param name="workRoot">Folder for the trial run.</param>
    public static async Task<(ProcessRunner Runner, ToolChain Chain)> Create(StepMarker owner, string workRoot, TimeProvider time, CancellationToken cancel)
    {
        var chain = await ToolChain.Detect(async candidate =>
        {
            using var folder = WorkFolder.Create(workRoot);
            return (await new ProcessRunner(candidate, owner, time).Run(new ToolCommand("true", [], folder), cancel)).Succeeded;
        });
        return (new ProcessRunner(chain, owner, time), chain);
    }

    public async Task<ToolResult> Run(ToolCommand command, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        if (ToolChain.Find(command.Program) is not { } program) return NotStarted(command, started);

        var marker = owner.NewStep();
        using var process = new Process { StartInfo = Describe(command, program, marker) };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return NotStarted(command, started);
        }
        process.StandardInput.Close();

        using var timeUp = new CancellationTokenSource(command.Limits.WallClock, time);
        using var tooLarge = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeUp.Token, tooLarge.Token);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var output = ReadUpTo(process.StandardOutput.BaseStream, command.Limits.OutputBytes, tooLarge);
        var errors = ReadUpTo(process.StandardError.BaseStream, ErrorBytes, whenFull: null);
        var watch = Watch(command, tooLarge, watching.Token);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Which of the three it was is read below, after the group is gone.
        }
        await End(process, marker);
        await watching.CancelAsync();
        await watch;

        var text = System.Text.Encoding.UTF8.GetString(await errors.WaitAsync(KillWithin, time, CancellationToken.None));
        var bytes = await output.WaitAsync(KillWithin, time, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        var end = timeUp.IsCancellationRequested ? ToolEnd.TimedOut
            : tooLarge.IsCancellationRequested ? ToolEnd.OutputTooLarge
            : Judge(process.ExitCode, text);
        return new ToolResult(end, process.ExitCode, bytes, text, time.GetElapsedTime(started));
    }

    private static ToolEnd Judge(int exitCode, string errors)
    {
        if (exitCode == 0) return ToolEnd.Exited;
        if (exitCode == SignalProcessorTime) return ToolEnd.TimedOut;
        if (exitCode == SignalFileSize || errors.Contains("File too large", StringComparison.OrdinalIgnoreCase)) return ToolEnd.OutputTooLarge;
        // SIGKILL that we did not send is the kernel's out-of-memory killer.
        if (exitCode == 128 + PosixCalls.KillSignal) return ToolEnd.OutOfMemory;
        return MemoryWords.Any(word => errors.Contains(word, StringComparison.OrdinalIgnoreCase)) ? ToolEnd.OutOfMemory : ToolEnd.Exited;
    }

    private ProcessStartInfo Describe(ToolCommand command, string program, StepMarker marker)
    {
        var line = chain.Build(command, program);
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.Folder.Path,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin:/usr/local/bin";
        start.Environment["HOME"] = command.Folder.Home;
        start.Environment["TMPDIR"] = command.Folder.Temporary;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        start.Environment[StepMarker.Variable] = marker.ToString();
        return start;
    }

    private async Task End(Process process, StepMarker marker)
    {
        if (!process.HasExited)
        {
            // The group first; the process alone as well, in case it has not become a group leader yet.
            if (chain.HasSession) PosixCalls.Kill(-process.Id);
            process.Kill(entireProcessTree: !chain.HasSession);
        }
        LeftoverProcesses.EndStep(marker);
        using var patience = new CancellationTokenSource(KillWithin, time);
        await process.WaitForExitAsync(patience.Token);
    }

    private async Task Watch(ToolCommand command, CancellationTokenSource tooLarge, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(WatchEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (command.Folder.Measure() <= command.Limits.FolderBytes) continue;
                await tooLarge.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private static async Task<byte[]> ReadUpTo(Stream stream, int limit, CancellationTokenSource? whenFull)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            var room = limit - (int)kept.Length;
            kept.Write(buffer, 0, Math.Min(read, room));
            if (read > room && whenFull is not null) await whenFull.CancelAsync();
        }
        return kept.ToArray();
    }

    private ToolResult NotStarted(ToolCommand command, long started) =>
        new(ToolEnd.NotStarted, -1, [], $"{command.Program} is not installed.", time.GetElapsedTime(started));
}
