using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Flags;

/// <summary>Writes every few seconds who was given what and when flags were asked for, many at once; hourly drops what is too old.</summary>
public sealed class FlagExposureWriter(
    FlagExposures exposures, FlagStore store, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, Topic<FlagsChanged> changes, TimeProvider time,
    ILogger<FlagExposureWriter> log) : BackgroundService
{
    /// <summary>How long it is known what somebody was given last.</summary>
    internal const int KeptDays = 180;

    private const int Batch = 200;
    private const int MostAtOnce = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);

    // Until the database has it: while that is away the queue fills behind, and what finds no room there is counted.
    private readonly ConcurrentDictionary<(Guid Flag, Guid Person), FlagExposed> _waiting = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            long? cleaned = null;
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(WriteAsync, stoppingToken);
                if (cleaned is { } last && time.GetElapsedTime(last) < CleaningInterval) continue;
                cleaned = time.GetTimestamp();
                await TryAsync(CleanAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is still in memory comes again with the next question of the same person.
        }
    }

    /// <summary>Writes what waits; what cannot be written now waits on.</summary>
    /// <returns>How many answers were written.</returns>
    internal async Task<int> WriteAsync(CancellationToken cancellation)
    {
        while (_waiting.Count < MostAtOnce && exposures.Queue.TryRead(out var exposed)) _waiting[(exposed.Flag, exposed.Person)] = exposed;
        var isAsked = await WriteAskedAsync(cancellation);
        var written = 0;
        foreach (var part in _waiting.ToArray().Chunk(Batch))
        {
            await WriteAsync([.. part.Select(waits => waits.Value)], cancellation);
            // Only what was written: a later answer to the same person has taken the place of an earlier one perhaps.
            foreach (var waits in part) _waiting.TryRemove(waits);
            written += part.Length;
        }

        if (written > 0 || isAsked) changes.Publish(new FlagsChanged(null, OnlyUse: true));
        return written;
    }

    internal async Task<int> CleanAsync(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow().AddDays(-KeptDays);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<FlagExposure>().Where(e => e.LastAt < oldest).ExecuteDeleteAsync(cancellation);
    }

    private async Task WriteAsync(FlagExposed[] part, CancellationToken cancellation)
    {
        try
        {
            await MergeAsync(part, cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception) || exception is DbUpdateConcurrencyException || dialect.IsTransient(exception))
        {
            // Another node wrote about the same people, or a flag went: the second look sees it.
            await MergeAsync(part, cancellation);
        }
    }

    private async Task MergeAsync(FlagExposed[] part, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (flags, people) = (part.Select(e => e.Flag).Distinct().ToList(), part.Select(e => e.Person).Distinct().ToList());
        var there = await db.Set<Flag>().Where(f => flags.Contains(f.Id)).Select(f => f.Id).ToListAsync(cancellation);
        // Of an account that is closed or gone nothing comes back.
        var here = await db.Users.Where(u => people.Contains(u.Id) && u.DeactivatedAt == null).Select(u => u.Id).ToListAsync(cancellation);
        var known = await db.Set<FlagExposure>().Where(e => flags.Contains(e.FlagId) && people.Contains(e.UserId)).ToDictionaryAsync(e => (e.FlagId, e.UserId), cancellation);
        foreach (var exposed in part.Where(e => there.Contains(e.Flag) && here.Contains(e.Person)))
        {
            var at = new DateTimeOffset(exposed.At, TimeSpan.Zero);
            var reason = new FlagDecision(exposed.Variant, null, false, exposed.Reason, exposed.Number).Code;
            if (!known.TryGetValue((exposed.Flag, exposed.Person), out var row))
            {
                db.Add(new FlagExposure { FlagId = exposed.Flag, UserId = exposed.Person, TenantId = exposed.TenantId, Variant = exposed.Variant, Version = exposed.Version, Reason = reason, FirstAt = at, LastAt = at });
                continue;
            }

            // Another node may have been later.
            if (row.LastAt > at) continue;
            if (row.Variant != exposed.Variant) row.FirstAt = at;
            (row.Variant, row.Version, row.Reason, row.LastAt) = (exposed.Variant, exposed.Version, reason, at);
        }

        await db.SaveChangesAsync(cancellation);
    }

    private async Task<bool> WriteAskedAsync(CancellationToken cancellation)
    {
        var asked = store.Uses.Where(u => u.Use.AskedMinute > u.Use.WrittenMinute).ToList();
        if (asked.Count == 0) return false;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var (flag, use) in asked)
        {
            var minute = use.AskedMinute;
            var at = new DateTimeOffset(minute, TimeSpan.Zero);
            await db.Set<Flag>().Where(f => f.Id == flag && (f.LastAskedAt == null || f.LastAskedAt < at)).ExecuteUpdateAsync(set => set.SetProperty(f => f.LastAskedAt, at), cancellation);
            use.WrittenMinute = minute;
        }

        return true;
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            FlagsLog.WriteFailed(log, exception);
        }
    }
}
