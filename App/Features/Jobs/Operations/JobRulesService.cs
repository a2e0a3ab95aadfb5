using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Queues with their types, and what operators change of them: pauses, and rules over those in code.</summary>
public sealed class JobRulesService(
    Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, JobTypes types, JobTraffic traffic, IOptionsMonitor<JobsOptions> options,
    Topic<JobRulesChanged> topic, TimeProvider time, IStringLocalizer<OperationsTexts> texts)
{
    private const int LongestReason = 400;
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(366);

    /// <summary>Every queue that a type belongs to or that is paused, by name.</summary>
    public async Task<IReadOnlyList<QueueView>> QueuesAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        var reading = await traffic.ReadAsync(caller.TenantId).WaitAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        var pauses = (await db.Set<JobPause>().AsNoTracking().Where(p => p.TenantId == caller.TenantId && (p.Until == null || p.Until > now)).ToListAsync(cancellation)).ToLookup(p => p.Scope);
        var ruled = (await db.Set<JobTypeRule>().Where(r => r.TenantId == caller.TenantId).Select(r => r.Type).ToListAsync(cancellation)).ToHashSet();
        var byQueue = types.All.ToLookup(t => t.Rules.Queue);
        return
        [
            .. byQueue.Select(group => group.Key).Union(pauses[PauseScope.Queue].Select(p => p.Name)).Order(StringComparer.Ordinal).Select(queue => new QueueView(
                queue, pauses[PauseScope.Queue].FirstOrDefault(p => p.Name == queue),
                [.. byQueue[queue].OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => ViewOf(t.Name))], reading.At)),
        ];

        TypeView ViewOf(string type) => new(
            type, pauses[PauseScope.Type].FirstOrDefault(p => p.Name == type), reading.Types.GetValueOrDefault(type) ?? new TypeLoad(default, default, null, 0),
            reading.ByType.GetValueOrDefault(type), ruled.Contains(type));
    }

    /// <returns>Null if there is no such type.</returns>
    public async Task<RulesView?> RulesAsync(string type, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        if (types.Find(type) is not { } registered) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var set = await db.Set<JobTypeRule>().AsNoTracking().SingleOrDefaultAsync(r => r.Type == type && r.TenantId == caller.TenantId, cancellation);
        return new RulesView(type, registered.Rules.Queue, [.. Enum.GetValues<RuleField>().Select(field => new RuleValue(field, CodeValue(registered, field)))], set, set?.ChangedAt);
    }

    /// <summary>Sets the rules of a type as typed; empty fields go back to the code. A changed number of attempts holds for new jobs.</summary>
    /// <param name="seen">The change that the draft started from (<see cref="RulesView.Seen"/>).</param>
    public async Task<RulesResult> SaveRulesAsync(string type, RuleDraft draft, DateTimeOffset? seen, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        if (types.Find(type) is null) return new RulesResult(RuleOutcome.NotFound, []);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rule = await db.Set<JobTypeRule>().SingleOrDefaultAsync(r => r.Type == type, cancellation);
        if (rule?.ChangedAt != seen) return new RulesResult(RuleOutcome.Changed, []);
        if (draft.IsEmpty)
        {
            if (rule is null) return new RulesResult(RuleOutcome.Done, []);
            db.Remove(rule);
        }
        else
        {
            var isNew = rule is null;
            rule ??= new JobTypeRule { Type = type, TenantId = caller.TenantId };
            var problems = draft.WriteTo(rule, texts);
            if (problems.Count > 0) return new RulesResult(RuleOutcome.Invalid, problems);
            if (isNew) db.Add(rule);
            else if (db.Entry(rule).State == EntityState.Unchanged) return new RulesResult(RuleOutcome.Done, []);
            rule.ChangedAt = time.GetUtcNow();
        }

        db.Audit(caller, draft.IsEmpty ? "jobs.rules_reset" : "jobs.rules", "job type", type, type);
        return new RulesResult(await SaveAsync(db, cancellation), []);
    }

    /// <summary>Keeps jobs of a queue or type from starting; those that run go on. A pause that holds is replaced.</summary>
    /// <param name="until">It ends by itself then; null for not before <see cref="ResumeAsync"/>.</param>
    public async Task<PauseResult> PauseAsync(PauseScope scope, string name, string reason, DateTimeOffset? until, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        var why = reason.Trim();
        var now = time.GetUtcNow();
        var reasonProblem = why.Length == 0 ? texts["ReasonMissing"].Value : why.Length > LongestReason ? texts["ReasonTooLong", LongestReason].Value : null;
        var untilProblem = until <= now ? texts["UntilPast"].Value : until > now + LongestPause ? texts["UntilTooFar"].Value : null;
        if (reasonProblem is not null || untilProblem is not null) return new PauseResult(RuleOutcome.Invalid, reasonProblem, untilProblem);
        if (!(scope == PauseScope.Type ? types.Find(name) is not null : types.All.Any(t => t.Rules.Queue == name))) return new PauseResult(RuleOutcome.NotFound);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var pause = await db.Set<JobPause>().SingleOrDefaultAsync(p => p.Scope == scope && p.Name == name, cancellation);
        if (pause is null) db.Add(pause = new JobPause { Scope = scope, Name = name, TenantId = caller.TenantId });
        (pause.Since, pause.Until, pause.Reason, pause.By) = (now, until, why, caller.Name);
        db.Audit(caller, "jobs.pause", SubjectOf(scope), name, name, new { reason = why, until });
        return new PauseResult(await SaveAsync(db, cancellation));
    }

    /// <returns><see cref="RuleOutcome.NotFound"/> if it was not paused.</returns>
    public async Task<RuleOutcome> ResumeAsync(PauseScope scope, string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<JobPause>().SingleOrDefaultAsync(p => p.Scope == scope && p.Name == name && p.TenantId == caller.TenantId, cancellation) is not { } pause) return RuleOutcome.NotFound;
        db.Remove(pause);
        db.Audit(caller, "jobs.resume", SubjectOf(scope), name, name);
        return await SaveAsync(db, cancellation);
    }

    private static string SubjectOf(PauseScope scope) => scope == PauseScope.Queue ? "queue" : "job type";

    private async Task<RuleOutcome> SaveAsync(AppDbContext db, CancellationToken cancellation)
    {
        db.AfterCommit(() => topic.Publish(new JobRulesChanged()));
        try
        {
            await db.SaveChangesAsync(cancellation);
            return RuleOutcome.Done;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || dialect.IsDuplicateKey(exception))
        {
            return RuleOutcome.Changed;
        }
    }

    private string? CodeValue(JobType type, RuleField field)
    {
        var code = type.Rules;
        var settings = options.CurrentValue;
        return field switch
        {
            RuleField.Priority => Text(code.Priority),
            RuleField.MaxAttempts => Text(code.MaxAttempts),
            RuleField.TimeoutSeconds => code.TimeoutSeconds == 0 ? null : Text(code.TimeoutSeconds),
            RuleField.Retry => (type.Retry ?? new RetryStrategy(RetryKind.Exponential, [TimeSpan.FromSeconds(settings.BackoffSeconds), TimeSpan.FromSeconds(settings.LongestBackoffSeconds)])).ToString(),
            RuleField.MaxRunning => code.MaxRunning == 0 ? null : Text(code.MaxRunning),
            RuleField.MaxRunningPerKey => code.MaxRunningPerKey == 0 ? null : Text(code.MaxRunningPerKey),
            RuleField.StartsPerMinute => code.StartsPerMinute == 0 ? null : Text(code.StartsPerMinute),
            RuleField.KeepSucceededDays => Text(settings.KeepFinishedDays),
            _ => Text(settings.KeepFailedDays),
        };

        static string Text(double number) => number.ToString(CultureInfo.CurrentCulture);
    }
}
