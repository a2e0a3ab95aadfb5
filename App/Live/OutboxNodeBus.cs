using BlazorAdmin.Data;

namespace BlazorAdmin.Live;

/// <summary>Carries messages by a table that every process reads about once a second, for servers that cannot notify.</summary>
public sealed class OutboxNodeBus(IDbContextFactory<AppDbContext> databases, NodeInfo node, DatabaseState database, IServiceProvider services, TimeProvider time, ILogger<OutboxNodeBus> log)
    : NodeBus(node, database, services, time, log)
{
    private const int PageLength = 500;
    private const int TimeoutSeconds = 5;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CommitPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromMinutes(1);

    private long _cleanedAt;

    protected override async Task ListenAsync(CancellationToken cancellation)
    {
        var cursor = new OutboxCursor(CommitPatience, Time);
        cursor.Begin(await ReadLastAsync(cancellation));
        Connected();
        var pause = ShortestPause;
        while (true)
        {
            pause = await PollAsync(cursor, cancellation) ? ShortestPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await CleanUpAsync(cancellation);
            await Task.Delay(pause, Time, cancellation);
        }
    }

    protected override async Task SendAsync(IReadOnlyList<string> payloads, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(cancellation);
        var now = Time.GetUtcNow();
        db.AddRange(payloads.Select(payload => new NodeMessage { Sender = Node.Instance, Payload = payload, At = now }));
        await db.SaveChangesAsync(cancellation);
    }

    private async Task<List<long>> ReadLastAsync(CancellationToken cancellation)
    {
        await using var db = await OpenAsync(cancellation);
        var last = await db.Set<NodeMessage>().OrderByDescending(m => m.Id).Select(m => m.Id).Take(100).ToListAsync(cancellation);
        last.Reverse();
        return last;
    }

    /// <returns>True if something new was there.</returns>
    private async Task<bool> PollAsync(OutboxCursor cursor, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(cancellation);
        var from = cursor.Low;
        var own = Node.Instance;
        var any = false;
        while (true)
        {
            var rows = await db.Set<NodeMessage>().AsNoTracking().Where(m => m.Id > from).OrderBy(m => m.Id).Take(PageLength)
                .Select(m => new { m.Id, Payload = m.Sender == own ? null : m.Payload }).ToListAsync(cancellation);
            foreach (var row in rows)
            {
                if (!cursor.Take(row.Id)) continue;
                any = true;
                if (row.Payload is not null) Receive(row.Payload);
            }

            if (rows.Count < PageLength) break;
            from = rows[^1].Id;
        }

        cursor.Advance();
        return any;
    }

    private async Task CleanUpAsync(CancellationToken cancellation)
    {
        if (_cleanedAt != 0 && Time.GetElapsedTime(_cleanedAt) < CleanUpInterval) return;
        _cleanedAt = Time.GetTimestamp();
        var oldest = Time.GetUtcNow() - Lifetime;
        await using var db = await OpenAsync(cancellation);
        await db.Set<NodeMessage>().Where(m => m.At < oldest).ExecuteDeleteAsync(cancellation);
    }

    private async Task<AppDbContext> OpenAsync(CancellationToken cancellation)
    {
        var db = await databases.CreateDbContextAsync(cancellation);
        db.Database.SetCommandTimeout(TimeoutSeconds);
        return db;
    }
}
