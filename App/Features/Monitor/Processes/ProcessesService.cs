using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>The processes of this machine, for those who may see the monitor; their command lines for those with <see cref="MonitorPermissions.Commands"/>.</summary>
public sealed class ProcessesService(ProcessWatch watch, Guard guard)
{
    /// <summary>Rows whose open files are counted: that reads a folder per process.</summary>
    private const int MostCounted = 100;

    /// <summary>What the last reading says, as <paramref name="query"/> wants it.</summary>
    /// <exception cref="ForbiddenException">The caller may not see the monitor.</exception>
    public async Task<ProcessList> ListAsync(ListQuery query, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        if (!watch.IsPossible) return new ProcessList(ProcessAnswer.Absent, [], 0, 0);
        if (!watch.IsOn) return new ProcessList(ProcessAnswer.Off, [], 0, 0);
        if (watch.Current is not { } now) return new ProcessList(ProcessAnswer.Starting, [], 0, 0);
        // Before the search, which would tell them letter by letter.
        var processes = await guard.Allows(MonitorPermissions.Commands, cancellation) ? now.Processes : [.. now.Processes.Select(process => process with { Command = "" })];
        var (lines, matching) = ProcessView.Of(processes, query);
        return new ProcessList(ProcessAnswer.Ready,
            [.. lines.Select((line, i) => i < MostCounted ? line with { Handles = ProcessSampler.Handles(watch.Root, line.Process.Pid) } : line)], matching, now.Processes.Count);
    }

    /// <summary>Has the processes read once a second until the result is disposed. What they are is asked with <see cref="ListAsync"/>.</summary>
    /// <param name="sampled">Called after every reading, from any thread.</param>
    public IDisposable Watch(Action sampled) => watch.Watch(sampled);
}
