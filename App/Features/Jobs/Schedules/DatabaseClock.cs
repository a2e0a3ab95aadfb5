using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>
/// The database's clock as this node knows it: its readings, and the time that passed since on a clock that nobody sets.
/// A node whose own clock is wrong or is set anew fires its schedules at the right moment all the same.
/// </summary>
public sealed class DatabaseClock(TimeProvider node) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _at = node.GetUtcNow();
    private long _stamp = node.GetTimestamp();

    public override long TimestampFrequency => node.TimestampFrequency;

    public override long GetTimestamp() => node.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => node.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _at + node.GetElapsedTime(_stamp);
    }

    /// <summary>Takes a reading that the database gave between <paramref name="sent"/> and now; only what it proves wrong is corrected.</summary>
    public void Observe(DateTimeOffset reading, long sent)
    {
        lock (_lock)
        {
            var now = node.GetTimestamp();
            var (earliest, latest) = (reading, reading + node.GetElapsedTime(sent, now));
            var known = _at + node.GetElapsedTime(_stamp, now);
            (_at, _stamp) = (known < earliest ? earliest : known > latest ? latest : known, now);
        }
    }

    internal async Task<DateTimeOffset> ReadAsync(AppDbContext db, IDatabaseDialect dialect, CancellationToken cancellation)
    {
        var sql = $"SELECT {dialect.UtcNow} AS {dialect.Quote("Value")}";
        var sent = node.GetTimestamp();
        var reading = await db.Database.SqlQueryRaw<DateTimeOffset>(sql).SingleAsync(cancellation);
        Observe(reading, sent);
        return reading.ToUniversalTime();
    }
}
