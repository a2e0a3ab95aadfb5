using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Settings;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Which types of jobs the living nodes run. Each says so once, when it starts: while builds of several ages work side by
/// side, a job of a new type waits for a new node, and one that nobody knows is found before it has waited for ever.
/// </summary>
public sealed class NodeTypes(IDbContextFactory<AppDbContext> databases, JobTypes types, NodeInfo node, IOptionsMonitor<JobsOptions> options, TimeProvider time)
{
    private const string Prefix = "Jobs.Types.";

    private readonly Cached<IReadOnlySet<string>?> _recent = new(TimeSpan.FromSeconds(10), time);

    /// <summary>How long no living node may know a type before its waiting jobs are laid aside.</summary>
    public TimeSpan Patience => TimeSpan.FromHours(options.CurrentValue.UnknownTypeHours);

    /// <summary>Says what this process runs.</summary>
    internal async Task AnnounceAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var key = KeyOf(node.Instance);
        if (await db.Set<SystemValue>().AnyAsync(v => v.Key == key, cancellation)) return;
        db.Add(new SystemValue { Key = key, Value = string.Join('\n', types.All.Select(t => t.Name).Order(StringComparer.Ordinal)), ChangedAt = time.GetUtcNow() });
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Removes what nodes said that are gone.</summary>
    internal async Task ForgetAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // What is said before the first heartbeat must stand.
        var old = time.GetUtcNow().AddHours(-1);
        var there = (await db.Set<WorkerNode>().Select(n => n.Instance).ToListAsync(cancellation)).ConvertAll(KeyOf);
        await db.Set<SystemValue>().Where(v => v.Key.StartsWith(Prefix) && v.ChangedAt < old && !there.Contains(v.Key)).ExecuteDeleteAsync(cancellation);
    }

    /// <param name="now">On the database's clock.</param>
    /// <returns>What the living nodes run together; null if one of them has not said, as an older build does not.</returns>
    internal async Task<IReadOnlySet<string>?> ReadAsync(AppDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        var alive = now - options.CurrentValue.Lease * WorkersService.DeadLeases;
        var keys = (await db.Set<WorkerNode>().Where(n => n.HeartbeatAt >= alive).Select(n => n.Instance).ToListAsync(cancellation)).ConvertAll(KeyOf);
        var said = await db.Set<SystemValue>().Where(v => keys.Contains(v.Key)).Select(v => v.Value ?? "").ToListAsync(cancellation);
        return said.Count < keys.Count ? null : said.SelectMany(names => names.Split('\n')).Concat(types.All.Select(t => t.Name)).ToHashSet(StringComparer.Ordinal);
    }

    /// <returns>Those of <paramref name="asked"/> that no living node ran in the last ten seconds.</returns>
    internal async Task<IReadOnlySet<string>> UnknownAsync(IEnumerable<string> asked, CancellationToken cancellation)
    {
        var strange = asked.Where(type => types.Find(type) is null).ToHashSet(StringComparer.Ordinal);
        if (strange.Count == 0) return strange;
        var known = await _recent.GetAsync(async () =>
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            return await ReadAsync(db, await db.ServerNowAsync(CancellationToken.None), CancellationToken.None);
        }).WaitAsync(cancellation);
        strange.RemoveWhere(type => known is null || known.Contains(type));
        return strange;
    }

    private static string KeyOf(Guid instance) => $"{Prefix}{instance:N}";
}
