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
        foreach (var type in await ReadyJobs.TypesAsync(reading.Db, cancellation))
            if (types.Find(type) is null && await ReadyJobs.OldestDueAsync(reading.Db, reading.TenantId, type, reading.Now, cancellation) is { } due) strange.Add((type, due));
        if (strange.Count == 0) return [];
        if (await nodes.ReadAsync(reading.Db, reading.Now, cancellation) is not { } known) return null;
        return [.. strange.Where(s => !known.Contains(s.Type)).Take(SignalWatch.MostOfAKind).Select(s => new JobCondition(Kind, s.Type, (reading.Now - s.Due).TotalSeconds, null))];
    }
}
