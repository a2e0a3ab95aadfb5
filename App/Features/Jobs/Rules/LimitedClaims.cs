using BlazorAdmin.Data;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Features.Jobs.Rules;

/// <summary>
/// Claims jobs whose types have limits on all nodes together. One node at a time counts what runs and what the token buckets
/// hold (J. Turner, "New directions in communications", IEEE 1986), and takes what is left; the others come a moment later.
/// </summary>
internal sealed class LimitedClaims(IJobSql sql)
{
    /// <summary>Keys that one claim looks at; the next one goes on behind them.</summary>
    private const int MostHeads = 1000;

    private LimitedHead? _after;

    /// <param name="claim">Its rooms hold for this node; the limits of <paramref name="rules"/> for all.</param>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(AppDbContext db, JobClaim claim, IReadOnlyList<EffectiveRule> rules, CancellationToken cancellation)
    {
        var connection = db.Database.GetDbConnection();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var raw = transaction.GetDbTransaction();
        var byType = rules.ToDictionary(r => r.Type.Name);
        var names = byType.Keys.ToList();
        // Looked at before the lock, so that a node with nothing to do asks for no more: heads only say where to look, and the claim
        // itself takes what is still queued. What the limits leave is counted under the lock.
        var heads = await sql.HeadsAsync(connection, raw, names, _after, MostHeads, cancellation);
        _after = heads.Count(h => h.Key is not null) == MostHeads ? heads[^1] : null;
        if (heads.Count == 0 || !await sql.TryLockLimitsAsync(connection, raw, cancellation)) return [];
        var clock = await db.ServerNowAsync(cancellation);
        var due = heads.Where(h => h.DueAt <= clock && byType.ContainsKey(h.Type)).OrderByDescending(h => h.Priority).ThenBy(h => h.DueAt).ToList();
        if (due.Count == 0) return [];

        var running = (await db.Set<Job>().Where(j => j.State == JobState.Running && names.Contains(j.Type)).GroupBy(j => new { j.Type, j.LimitKey })
            .Select(g => new { g.Key.Type, g.Key.LimitKey, Count = g.Count() }).ToListAsync(cancellation)).ToDictionary(r => (r.Type, r.LimitKey ?? ""), r => r.Count);
        var buckets = await BucketsAsync(db, [.. due.Where(h => byType[h.Type].StartsPerMinute is not null)], cancellation);
        var rooms = new Rooms(claim, byType, running, buckets, clock);
        var picks = due.Select(rooms.Pick).Where(p => p.Take > 0).ToList();
        if (picks.Count == 0) return [];
        var claimed = await sql.ClaimAsync(connection, raw, claim, picks, cancellation);
        foreach (var group in claimed.Where(c => byType[c.Type].StartsPerMinute is not null).GroupBy(c => (c.Type, Key: c.LimitKey ?? "")))
            await SpendAsync(db, group.Key.Type, group.Key.Key, rooms.TokensOf(group.Key.Type, group.Key.Key) - group.Count(), clock, cancellation);
        await transaction.CommitAsync(cancellation);
        return claimed;
    }

    private static async Task<Dictionary<(string Type, string Key), JobBucket>> BucketsAsync(AppDbContext db, IReadOnlyList<LimitedHead> heads, CancellationToken cancellation)
    {
        if (heads.Count == 0) return [];
        var types = heads.Select(h => h.Type).Distinct().ToList();
        var keys = heads.Select(h => h.Key ?? "").Distinct().ToList();
        return await db.Set<JobBucket>().AsNoTracking().Where(b => types.Contains(b.Type) && keys.Contains(b.Key)).ToDictionaryAsync(b => (b.Type, b.Key), cancellation);
    }

    private static async Task SpendAsync(AppDbContext db, string type, string key, double tokens, DateTimeOffset clock, CancellationToken cancellation)
    {
        // The lock is held: nobody else writes buckets.
        var updated = await db.Set<JobBucket>().Where(b => b.Type == type && b.Key == key)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.Tokens, tokens).SetProperty(b => b.FilledAt, clock), cancellation);
        if (updated > 0) return;
        db.Add(new JobBucket { Type = type, Key = key, Tokens = tokens, FilledAt = clock });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
    }

    /// <summary>What is left of every limit while one claim hands out its places.</summary>
    private sealed class Rooms(
        JobClaim claim, IReadOnlyDictionary<string, EffectiveRule> rules, Dictionary<(string Type, string Key), int> running,
        IReadOnlyDictionary<(string Type, string Key), JobBucket> buckets, DateTimeOffset clock)
    {
        private readonly Dictionary<string, int> _onNode = claim.Types.ToDictionary(t => t.Type, t => t.Room);
        private readonly Dictionary<string, int> _ofType = running.GroupBy(r => r.Key.Type).ToDictionary(g => g.Key, g => g.Sum(r => r.Value));
        private readonly Dictionary<(string, string), double> _tokens = [];
        private readonly Dictionary<(string, string), int> _promised = [];
        private int _left = claim.Max;

        public LimitedPick Pick(LimitedHead head)
        {
            var (rule, key) = (rules[head.Type], (head.Type, head.Key ?? ""));
            var take = Math.Min(_left, _onNode.GetValueOrDefault(head.Type));
            if (rule.MaxRunning is { } most) take = Math.Min(take, most - _ofType.GetValueOrDefault(head.Type));
            if (rule.MaxRunningPerKey is { } each) take = Math.Min(take, each - running.GetValueOrDefault(key));
            if (rule.StartsPerMinute is not null) take = Math.Min(take, (int)TokensOf(head.Type, head.Key ?? "") - _promised.GetValueOrDefault(key));
            take = Math.Max(0, take);
            if (take == 0) return new LimitedPick(head.Type, head.Key, head.Priority, 0);
            _left -= take;
            _onNode[head.Type] -= take;
            _ofType[head.Type] = _ofType.GetValueOrDefault(head.Type) + take;
            running[key] = running.GetValueOrDefault(key) + take;
            _promised[key] = _promised.GetValueOrDefault(key) + take;
            return new LimitedPick(head.Type, head.Key, head.Priority, take);
        }

        /// <summary>What the bucket holds before this claim. It never holds more than a second brings, or one start.</summary>
        public double TokensOf(string type, string key)
        {
            if (_tokens.TryGetValue((type, key), out var known)) return known;
            var perSecond = rules[type].StartsPerMinute!.Value / 60;
            var most = Math.Max(1, perSecond);
            var tokens = buckets.TryGetValue((type, key), out var bucket) ? Math.Min(most, bucket.Tokens + Math.Max(0, (clock - bucket.FilledAt).TotalSeconds) * perSecond) : most;
            return _tokens[(type, key)] = tokens;
        }
    }
}
