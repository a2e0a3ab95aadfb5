using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs.Rules;

/// <summary>Topic <c>jobs.rules</c>: pauses or rules of types changed.</summary>
public sealed record JobRulesChanged;

/// <summary>What holds for a type now: its code's rules with the operator's changes over them.</summary>
/// <param name="Retry">Null for the portal's own strategy.</param>
/// <param name="MaxRunning">On all nodes together; null for no limit.</param>
/// <param name="MaxRunningPerKey">On all nodes together, of those with the same key.</param>
/// <param name="StartsPerMinute">Of those with the same key.</param>
public sealed record EffectiveRule(
    JobType Type, int Priority, int MaxAttempts, int TimeoutSeconds, RetryStrategy? Retry, int? MaxRunning, int? MaxRunningPerKey, double? StartsPerMinute)
{
    /// <summary>Whether a claim must look at what the other nodes run.</summary>
    public bool IsLimited => MaxRunning is not null || MaxRunningPerKey is not null || StartsPerMinute is not null;
}

/// <summary>
/// Rules and pauses as the engine of this node applies them, in memory. Read again when they change, and by every heartbeat
/// as the net.
/// </summary>
public sealed class JobRules(IDbContextFactory<AppDbContext> databases, JobTypes types)
{
    private volatile State _state = new(FrozenDictionary<string, JobTypeRule>.Empty, []);

    public EffectiveRule Of(JobType type)
    {
        var code = type.Rules;
        var set = _state.Rules.GetValueOrDefault(type.Name);
        return new EffectiveRule(
            type, set?.Priority ?? code.Priority, set?.MaxAttempts ?? code.MaxAttempts, set?.TimeoutSeconds ?? code.TimeoutSeconds,
            set?.Retry is { } retry ? RetryStrategy.Parse(retry) : type.Retry, set?.MaxRunning ?? Some(code.MaxRunning), set?.MaxRunningPerKey ?? Some(code.MaxRunningPerKey),
            set?.StartsPerMinute ?? (code.StartsPerMinute > 0 ? code.StartsPerMinute : null));

        static int? Some(int limit) => limit > 0 ? limit : null;
    }

    /// <summary>The pause that holds <paramref name="type"/> back at <paramref name="now"/>; null if none does.</summary>
    public JobPause? PauseOf(JobType type, DateTimeOffset now) => _state.Pauses.FirstOrDefault(p =>
        (p.Until is null || p.Until > now) && p.Name == (p.Scope == PauseScope.Type ? type.Name : type.Rules.Queue));

    /// <summary>Gives a new job what the operator set for its type, where its enqueuer asked for nothing else.</summary>
    internal void Apply(Job job)
    {
        if (!_state.Rules.TryGetValue(job.Type, out var set) || types.Find(job.Type) is not { } type) return;
        if (set.Priority is { } priority && job.Priority == type.Rules.Priority) job.Priority = priority;
        if (set.MaxAttempts is { } attempts && job.MaxAttempts == type.Rules.MaxAttempts) job.MaxAttempts = attempts;
    }

    public async Task ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rules = await db.Set<JobTypeRule>().AsNoTracking().ToListAsync(cancellation);
        var pauses = await db.Set<JobPause>().AsNoTracking().ToListAsync(cancellation);
        _state = new State(rules.Where(r => types.Find(r.Type) is not null).ToFrozenDictionary(r => r.Type), pauses);
    }

    private sealed record State(FrozenDictionary<string, JobTypeRule> Rules, IReadOnlyList<JobPause> Pauses);
}
