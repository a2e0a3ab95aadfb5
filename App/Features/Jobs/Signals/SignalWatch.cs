using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Topic <c>jobs.signals</c>: a signal was raised or cleared, or its figure changed.</summary>
public sealed record SignalsChanged;

/// <summary>
/// Looks at the conditions and keeps <see cref="JobSignal"/> as they are. Every node would, and whoever is first at an
/// interval does: the time of the last look stands in one row that only one of them can move on, so a node that dies
/// leaves nothing behind and the next look comes from another.
/// </summary>
internal sealed class SignalWatch(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, IEnumerable<ISignalSource> sources, StrandedJobs stranded, IOptionsMonitor<SignalOptions> options,
    Topic<SignalsChanged> topic, Topic<JobRulesChanged> rules, TimeProvider time, ILogger<SignalWatch> log) : BackgroundService
{
    /// <summary>More subjects of one kind tell nobody more.</summary>
    public const int MostOfAKind = 20;

    /// <summary>Key of the row with the time of the last look, and the kinds that it could not know.</summary>
    internal const string LastLook = "Jobs.Signals";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly IReadOnlyList<ISignalSource> _sources = [.. sources];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            while (true)
            {
                await TickAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(options.CurrentValue.IntervalSeconds), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the portal stops
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            SignalsLog.LookFailed(log, exception);
        }
    }

    /// <returns>False if another node has looked in this interval.</returns>
    internal async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = await db.ServerNowAsync(cancellation);
        if (await TakeTurnAsync(db, now, TimeSpan.FromSeconds(settings.IntervalSeconds), cancellation) is not { } before) return false;
        await EndPausesAsync(cancellation);
        var holding = await db.Set<JobSignal>().AsNoTracking().Where(s => s.ClearedAt == null).Select(s => new { s.Kind, s.Subject }).ToListAsync(cancellation);
        var known = new HashSet<SignalKind>();
        var found = new List<JobCondition>();
        foreach (var group in _sources.GroupBy(s => s.Kind))
        {
            var reading = new SignalReading(db, Caller.Portal.TenantId, now, settings, holding.Where(h => h.Kind == group.Key).Select(h => h.Subject).ToHashSet());
            if (await FindAsync([.. group], reading, cancellation) is not { } conditions) continue;
            known.Add(group.Key);
            found.AddRange(conditions);
        }

        var unknown = string.Join(',', _sources.Select(s => s.Kind).Distinct().Where(kind => !known.Contains(kind)).Order());
        await db.Set<SystemValue>().Where(v => v.Key == LastLook && v.Value != unknown).ExecuteUpdateAsync(set => set.SetProperty(v => v.Value, unknown), cancellation);
        await ApplyAsync(found.DistinctBy(c => (c.Kind, c.Subject)).ToDictionary(c => (c.Kind, c.Subject)), known, before, now, TimeSpan.FromHours(settings.RemindHours), cancellation);
        await stranded.LayAsideAsync(now, cancellation);
        return true;
    }

    /// <returns>When the last look was; null if it is not yet time, or another node was first.</returns>
    private async Task<DateTimeOffset?> TakeTurnAsync(AppDbContext db, DateTimeOffset now, TimeSpan interval, CancellationToken cancellation)
    {
        var last = await db.Set<SystemValue>().Where(v => v.Key == LastLook).Select(v => (DateTimeOffset?)v.ChangedAt).SingleOrDefaultAsync(cancellation);
        if (last is { } at)
        {
            // Somewhat early counts: timers of several nodes drift.
            if (now - at < interval * 0.9) return null;
            return await db.Set<SystemValue>().Where(v => v.Key == LastLook && v.ChangedAt == at).ExecuteUpdateAsync(set => set.SetProperty(v => v.ChangedAt, now), cancellation) == 1 ? at : null;
        }

        db.Add(new SystemValue { Key = LastLook, ChangedAt = now });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return now;
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<JobCondition>?> FindAsync(IReadOnlyList<ISignalSource> ofAKind, SignalReading reading, CancellationToken cancellation)
    {
        var found = new List<JobCondition>();
        foreach (var source in ofAKind)
        {
            try
            {
                if (await source.FindAsync(reading, cancellation) is not { } conditions) return null;
                found.AddRange(conditions);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                SignalsLog.SourceFailed(log, exception, source.Kind);
                return null;
            }
        }

        return found;
    }

    private async Task ApplyAsync(
        Dictionary<(SignalKind Kind, string Subject), JobCondition> found, HashSet<SignalKind> known, DateTimeOffset before, DateTimeOffset now, TimeSpan remind, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var signals = (await db.Set<JobSignal>().ToListAsync(cancellation)).Where(s => known.Contains(s.Kind)).ToDictionary(s => (s.Kind, s.Subject));
        foreach (var (key, condition) in found)
        {
            if (!signals.TryGetValue(key, out var signal))
            {
                db.Add(signal = new JobSignal { Kind = key.Kind, Subject = key.Subject, TenantId = Caller.Portal.TenantId, ClearedAt = now });
            }

            (signal.Value, signal.Detail) = (condition.Value, JobText.Clean(condition.Detail, 1000));
            if (signal.ClearedAt is not null)
            {
                (signal.RaisedAt, signal.ClearedAt) = (now, null);
                SignalsLog.Raised(log, signal.Kind, signal.Subject, signal.Value);
                SignalNotices.Raised(db, signal);
            }
            else if ((int)((now - signal.RaisedAt) / remind) > (int)((before - signal.RaisedAt) / remind))
            {
                SignalNotices.Raised(db, signal);
            }
        }

        foreach (var signal in signals.Values.Where(s => s.ClearedAt is null && !found.ContainsKey((s.Kind, s.Subject))))
        {
            signal.ClearedAt = now;
            SignalsLog.Cleared(log, signal.Kind, signal.Subject);
            SignalNotices.Cleared(db, signal);
        }

        foreach (var old in signals.Values.Where(s => s.ClearedAt < now - Kept)) db.Remove(old);
        if (!db.ChangeTracker.HasChanges()) return;
        db.AfterCommit(() => topic.Publish(new SignalsChanged()));
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The engine lets jobs start the moment a pause is over; this takes its row away, so that the pages and the audit say so.</summary>
    private async Task EndPausesAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        var over = await db.Set<JobPause>().Where(p => p.Until != null && p.Until <= now).ToListAsync(cancellation);
        if (over.Count == 0) return;
        foreach (var pause in over)
        {
            db.Remove(pause);
            db.Audit(Caller.Portal, "jobs.resume", pause.Scope == PauseScope.Queue ? "queue" : "job type", pause.Name, pause.Name, new { until = pause.Until });
        }

        db.AfterCommit(() => rules.Publish(new JobRulesChanged()));
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return; // a person ended one of them at this moment; the rest comes with the next look
        }
    }
}
