using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Operations;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Types of due jobs that no living node runs.</summary>
internal sealed class UnknownTypeSource(JobTypes types, NodeTypes nodes) : ISignalSource
{
    public SignalKind Kind => SignalKind.UnknownType;

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        var strange = new List<(string Type, DateTimeOffset Due)>();
        foreach (var type in await WaitingAsync(reading.Db, cancellation))
            if (types.Find(type) is null && await ReadyJobs.OldestDueAsync(reading.Db, reading.TenantId, type, reading.Now, cancellation) is { } due) strange.Add((type, due));
        if (strange.Count == 0) return [];
        if (await nodes.ReadAsync(reading.Db, reading.Now, cancellation) is not { } known) return null;
        return [.. strange.Where(s => !known.Contains(s.Type)).Take(SignalWatch.MostOfAKind).Select(s => new JobCondition(Kind, s.Type, (reading.Now - s.Due).TotalSeconds, null))];
    }

    /// <summary>The types that anything waits of, one step of an index each, however much waits.</summary>
    private static async Task<IReadOnlySet<string>> WaitingAsync(AppDbContext db, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        var waiting = db.Set<Job>().Where(j => j.State == JobState.Queued);
        foreach (var half in new[] { waiting.Where(j => j.LimitKey == null), waiting.Where(j => j.LimitKey != null) })
            for (var after = ""; await half.Where(j => string.Compare(j.Type, after) > 0).OrderBy(j => j.Type).Select(j => j.Type).FirstOrDefaultAsync(cancellation) is { } next; after = next) found.Add(next);
        return found;
    }
}
