using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>A queue with its types, as operators see it.</summary>
/// <param name="At">When it was read, on the database's clock.</param>
public sealed record QueueView(string Name, JobPause? Pause, IReadOnlyList<TypeView> Types, DateTimeOffset At)
{
    public ListTotal Waiting => Sum(t => t.Load.Waiting);

    public ListTotal Due => Sum(t => t.Load.Due);

    public int Running => Types.Sum(t => t.Load.Running);

    public DateTimeOffset? OldestDue => Types.Min(t => t.Load.OldestDue);

    public Throughput Throughput => Types.Aggregate(default(Throughput), (sum, t) => sum + t.Throughput);

    private ListTotal Sum(Func<TypeView, ListTotal> part) => new(Types.Sum(t => part(t).Count), Types.Any(t => part(t).More));
}

/// <summary>A type of job within its queue.</summary>
/// <param name="Pause">Of the type itself; the queue may be paused besides.</param>
/// <param name="HasRules">An operator changed rules of it.</param>
public sealed record TypeView(string Name, JobPause? Pause, TypeLoad Load, Throughput Throughput, bool HasRules);

/// <summary>One rule of a type.</summary>
/// <param name="Code">What holds without an operator's change; null for no limit.</param>
public sealed record RuleValue(RuleField Field, string? Code);

/// <summary>The rules of a type: what the code says, and what an operator set.</summary>
/// <param name="Seen">Of which change; goes back with <see cref="JobRulesService.SaveRulesAsync"/>.</param>
public sealed record RulesView(string Type, string Queue, IReadOnlyList<RuleValue> Values, JobTypeRule? Set, DateTimeOffset? Seen);

public enum RuleOutcome
{
    Done,

    /// <summary>No such queue or type.</summary>
    NotFound,

    /// <summary>The problems say what.</summary>
    Invalid,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Changed,
}

public sealed record RulesResult(RuleOutcome Outcome, IReadOnlyList<RuleProblem> Problems);

/// <summary>What kept a pause from being set.</summary>
/// <param name="ReasonProblem">What is wrong with the reason, in the reader's language.</param>
/// <param name="UntilProblem">What is wrong with the end.</param>
public sealed record PauseResult(RuleOutcome Outcome, string? ReasonProblem = null, string? UntilProblem = null);
