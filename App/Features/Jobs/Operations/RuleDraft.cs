using System.Globalization;
using BlazorAdmin.Features.Jobs.Rules;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>A rule of a type that an operator may set.</summary>
public enum RuleField
{
    Priority,
    MaxAttempts,
    TimeoutSeconds,
    Retry,
    MaxRunning,
    MaxRunningPerKey,
    StartsPerMinute,
    KeepSucceededDays,
    KeepFailedDays,
}

/// <summary>What is wrong with a field and how to put it right, in the reader's language.</summary>
public sealed record RuleProblem(RuleField Field, string Message);

/// <summary>The rules of a type as a person types them; an empty field leaves what the code says.</summary>
public sealed class RuleDraft
{
    private static readonly Dictionary<RuleField, (double Least, double Most, bool Whole)> Ranges = new()
    {
        [RuleField.Priority] = (1, 10, true),
        [RuleField.MaxAttempts] = (1, 100, true),
        [RuleField.TimeoutSeconds] = (0, 604_800, true),
        // Not 0: that would hold the type back for ever, which a pause says better.
        [RuleField.MaxRunning] = (1, 10_000, true),
        [RuleField.MaxRunningPerKey] = (1, 10_000, true),
        [RuleField.StartsPerMinute] = (0.01, 60_000, false),
        [RuleField.KeepSucceededDays] = (0, 3650, false),
        [RuleField.KeepFailedDays] = (0, 3650, false),
    };

    private readonly Dictionary<RuleField, string> _texts = [];

    public string this[RuleField field]
    {
        get => _texts.GetValueOrDefault(field, "");
        set => _texts[field] = value?.Trim() ?? "";
    }

    public static RuleDraft Of(JobTypeRule? rule)
    {
        var draft = new RuleDraft();
        if (rule is null) return draft;
        draft[RuleField.Priority] = Text(rule.Priority);
        draft[RuleField.MaxAttempts] = Text(rule.MaxAttempts);
        draft[RuleField.TimeoutSeconds] = Text(rule.TimeoutSeconds);
        draft[RuleField.Retry] = rule.Retry ?? "";
        draft[RuleField.MaxRunning] = Text(rule.MaxRunning);
        draft[RuleField.MaxRunningPerKey] = Text(rule.MaxRunningPerKey);
        draft[RuleField.StartsPerMinute] = Text(rule.StartsPerMinute);
        draft[RuleField.KeepSucceededDays] = Text(rule.KeepSucceededDays);
        draft[RuleField.KeepFailedDays] = Text(rule.KeepFailedDays);
        return draft;

        static string Text<T>(T? value) where T : struct, IFormattable => value?.ToString(null, CultureInfo.CurrentCulture) ?? "";
    }

    /// <summary>Writes what is typed into <paramref name="rule"/>, if all of it is good.</summary>
    /// <returns>What is wrong, by field; empty if it was written.</returns>
    public IReadOnlyList<RuleProblem> WriteTo(JobTypeRule rule, IStringLocalizer<OperationsTexts> texts)
    {
        var problems = new List<RuleProblem>();
        var numbers = Ranges.Keys.ToDictionary(field => field, field => Number(field, texts, problems));
        var retry = Retry(texts, problems);
        if (problems.Count > 0) return problems;
        rule.Priority = (int?)numbers[RuleField.Priority];
        rule.MaxAttempts = (int?)numbers[RuleField.MaxAttempts];
        rule.TimeoutSeconds = (int?)numbers[RuleField.TimeoutSeconds];
        rule.Retry = retry;
        rule.MaxRunning = (int?)numbers[RuleField.MaxRunning];
        rule.MaxRunningPerKey = (int?)numbers[RuleField.MaxRunningPerKey];
        rule.StartsPerMinute = numbers[RuleField.StartsPerMinute];
        rule.KeepSucceededDays = numbers[RuleField.KeepSucceededDays];
        rule.KeepFailedDays = numbers[RuleField.KeepFailedDays];
        return [];
    }

    /// <summary>Whether no field says anything.</summary>
    public bool IsEmpty => _texts.Values.All(text => text.Length == 0);

    private double? Number(RuleField field, IStringLocalizer<OperationsTexts> texts, List<RuleProblem> problems)
    {
        var (least, most, whole) = Ranges[field];
        if (this[field] is not { Length: > 0 } text) return null;
        // A German writes 0,5 and copies 0.5 from a manual.
        var styles = whole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if ((double.TryParse(text, styles, CultureInfo.CurrentCulture, out var number) || double.TryParse(text, styles, CultureInfo.InvariantCulture, out number)) && number >= least && number <= most) return number;
        var range = texts[whole ? "WholeNumberNeeded" : "NumberNeeded", texts[$"Rule{field}"], least.ToString(CultureInfo.CurrentCulture), most.ToString("N0", CultureInfo.CurrentCulture)].Value;
        problems.Add(new RuleProblem(field, field is RuleField.MaxRunning or RuleField.MaxRunningPerKey && text == "0" ? $"{range} {texts["PauseInstead"]}" : range));
        return null;
    }

    private string? Retry(IStringLocalizer<OperationsTexts> texts, List<RuleProblem> problems)
    {
        if (this[RuleField.Retry] is not { Length: > 0 } text) return null;
        try
        {
            var written = RetryStrategy.Parse(text).ToString();
            if (written.Length <= 200) return written;
            problems.Add(new RuleProblem(RuleField.Retry, texts["RetryTooLong"]));
        }
        catch (RetryFormatException exception)
        {
            problems.Add(new RuleProblem(RuleField.Retry, texts[$"Retry{exception.Fault}", [.. exception.Parts]]));
        }

        return null;
    }
}
