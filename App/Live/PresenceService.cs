using BlazorAdmin.Data;

namespace BlazorAdmin.Live;

/// <summary>
/// Shares this process's circuits with the others through the database: changes every three seconds in one batch, one
/// heartbeat row a node. Removes what it wrote when it ends, and what dead nodes left.
/// </summary>
public sealed class PresenceService(
    PresenceTracker tracker, IDbContextFactory<AppDbContext> databases, DatabaseState database, NodeInfo node, Topic<PresenceChanged> topic, TimeProvider time, ILogger<PresenceService> log)
    : BackgroundService
{
    /// <summary>A node whose heartbeat is older is taken for dead.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    private readonly HashSet<Guid> _stored = [];
    private long _beatAt;
    private long _sweptAt;
    private bool _started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            _started = true;
            using var timer = new PeriodicTimer(WriteInterval, time);
            do await TickAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            tracker.ChangeAll();
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            if (IsDue(ref _beatAt, Heartbeat)) await BeatAsync(cancellation);
            if (IsDue(ref _sweptAt, Sweep)) await SweepAsync(cancellation);
            if (await StoreAsync(cancellation)) topic.Publish(new PresenceChanged(node.Instance));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LiveLog.PresenceFailed(log, exception);
            await ResetAsync(cancellation);
        }
    }

    /// <returns>True if something changed.</returns>
    internal async Task<bool> StoreAsync(CancellationToken cancellation)
    {
        var (changed, closed) = tracker.TakeChanges();
        var gone = closed.Where(_stored.Contains).ToList();
        if (changed.Count == 0 && gone.Count == 0) return false;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var circuit in changed) db.Entry(circuit).State = _stored.Contains(circuit.Id) ? EntityState.Modified : EntityState.Added;
        foreach (var id in gone) db.Entry(new CircuitPresence { Id = id, Page = "" }).State = EntityState.Deleted;
        await db.SaveChangesAsync(cancellation);
        _stored.UnionWith(changed.Select(c => c.Id));
        _stored.ExceptWith(gone);
        return true;
    }

    internal async Task BeatAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<LiveNode>().Where(n => n.Instance == node.Instance).ExecuteUpdateAsync(set => set.SetProperty(n => n.SeenAt, now), cancellation) > 0) return;
        db.Add(new LiveNode { Instance = node.Instance, Name = node.Name, StartedAt = node.StartedAt, SeenAt = now });
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Removes dead nodes, and circuits whose node is gone: also those of this node before its restart.</summary>
    internal async Task SweepAsync(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow() - DeadAfter;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<LiveNode>().Where(n => n.SeenAt < oldest || (n.Name == node.Name && n.Instance != node.Instance)).ExecuteDeleteAsync(cancellation);
        await db.Set<CircuitPresence>().Where(c => !db.Set<LiveNode>().Any(n => n.Instance == c.NodeInstance)).ExecuteDeleteAsync(cancellation);
    }

    // Others may have taken this node for dead and swept its rows: all of them are written anew.
    private async Task ResetAsync(CancellationToken cancellation)
    {
        try
        {
            await RemoveOwnAsync(cancellation);
            _stored.Clear();
            _beatAt = 0;
            tracker.ChangeAll();
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            tracker.ChangeAll();
            LiveLog.PresenceFailed(log, exception);
        }
    }

    private async Task RemoveOwnAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<CircuitPresence>().Where(c => c.NodeInstance == node.Instance).ExecuteDeleteAsync(cancellation);
        await db.Set<LiveNode>().Where(n => n.Instance == node.Instance).ExecuteDeleteAsync(cancellation);
    }

    private bool IsDue(ref long last, TimeSpan interval)
    {
        if (last != 0 && time.GetElapsedTime(last) < interval) return false;
        last = time.GetTimestamp();
        return true;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_started) return;
        try
        {
            await RemoveOwnAsync(cancellationToken);
            topic.Publish(new PresenceChanged(node.Instance));
        }
        catch (Exception exception)
        {
            // The others see by the heartbeat that this node is gone.
            LiveLog.PresenceFailed(log, exception);
        }
    }
}
