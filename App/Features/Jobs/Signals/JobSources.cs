using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Features.Jobs.Statistics;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Types whose jobs fail one after the other.</summary>
internal sealed class FailingSource : ISignalSource
{
    public SignalKind Kind => SignalKind.Failing;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        var least = reading.Options.FailuresInARow;
        var states = await reading.Db.Set<JobTypeState>().AsNoTracking().Where(s => s.TenantId == reading.TenantId && s.FailuresInARow >= least)
            .OrderByDescending(s => s.FailuresInARow).Take(SignalWatch.MostOfAKind).ToListAsync(cancellation);
        return [.. states.Select(s => new JobCondition(Kind, s.Type, s.FailuresInARow, s.LastError))];
    }
}

/// <summary>Queues whose due jobs wait too long although neither queue nor type is paused.</summary>
internal sealed class BacklogSource(JobTypes types) : ISignalSource
{
    public SignalKind Kind => SignalKind.Backlog;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        var found = new List<JobCondition>();
        foreach (var (queue, type, oldest) in await OldestAsync(reading.Db, reading.TenantId, types, reading.Now, cancellation))
        {
            // Cleared at half the time: a queue that just keeps up must not come and go.
            var limit = TimeSpan.FromMinutes(reading.Options.BacklogMinutes) / (reading.Holding.Contains(queue) ? 2 : 1);
            if (reading.Now - oldest > limit) found.Add(new JobCondition(Kind, queue, (reading.Now - oldest).TotalSeconds, type));
        }

        return found;
    }

    /// <summary>The longest waiting due job of each queue, without what is paused.</summary>
    public static async Task<IReadOnlyList<(string Queue, string Type, DateTimeOffset Oldest)>> OldestAsync(
        AppDbContext db, Guid tenant, JobTypes types, DateTimeOffset now, CancellationToken cancellation)
    {
        var pauses = await db.Set<JobPause>().AsNoTracking().Where(p => p.Until == null || p.Until > now).Select(p => new { p.Scope, p.Name }).ToListAsync(cancellation);
        var oldest = new Dictionary<string, (string Queue, string Type, DateTimeOffset Oldest)>();
        foreach (var type in (await ReadyJobs.TypesAsync(db, cancellation)).Select(types.Find).OfType<JobType>())
        {
            var queue = type.Rules.Queue;
            if (pauses.Any(p => p.Name == (p.Scope == PauseScope.Type ? type.Name : queue))) continue;
            if (await ReadyJobs.OldestDueAsync(db, tenant, type.Name, now, cancellation) is not { } due) continue;
            if (!oldest.TryGetValue(queue, out var known) || due < known.Oldest) oldest[queue] = (queue, type.Name, due);
        }

        return [.. oldest.Values];
    }
}

/// <summary>Nodes that fell silent without saying good-bye.</summary>
internal sealed class DeadNodeSource(IOptionsMonitor<JobsOptions> options) : ISignalSource
{
    public SignalKind Kind => SignalKind.DeadNode;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        var alive = reading.Now - options.CurrentValue.Lease * WorkersService.DeadLeases;
        var nodes = await reading.Db.Set<WorkerNode>().AsNoTracking().Where(n => n.HeartbeatAt < alive).OrderBy(n => n.Name).Take(SignalWatch.MostOfAKind).ToListAsync(cancellation);
        return [.. nodes.Select(n => new JobCondition(Kind, n.Name, (reading.Now - n.HeartbeatAt).TotalSeconds, null))];
    }
}

/// <summary>Runs that ignore that they were told to stop.</summary>
internal sealed class StuckSource : ISignalSource
{
    public SignalKind Kind => SignalKind.Stuck;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        var jobs = await reading.Db.Set<Job>().Where(j => j.State == JobState.Running && j.StuckAt != null && j.TenantId == reading.TenantId)
            .OrderBy(j => j.Id).Take(SignalWatch.MostOfAKind).Select(j => new { j.Id, j.Type, j.Subject, j.Node, Since = j.StopRequestedAt ?? j.StuckAt!.Value }).ToListAsync(cancellation);
        return [.. jobs.Select(j => new JobCondition(Kind, j.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), (reading.Now - j.Since).TotalSeconds,
            string.Join(", ", new[] { j.Type, j.Subject, j.Node }.Where(part => part is not null))))];
    }
}

/// <summary>Schedules that are active and bring nothing.</summary>
internal sealed class NoSuccessSource(ScheduleWarnings warnings) : ISignalSource
{
    public SignalKind Kind => SignalKind.NoSuccess;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation) =>
    [
        .. (await warnings.RecentAsync(cancellation)).Take(SignalWatch.MostOfAKind)
            .Select(w => new JobCondition(Kind, w.Schedule, (w.Since is { } since ? reading.Now - since : w.Expected).TotalSeconds, null)),
    ];
}
