using System.Globalization;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>A word that must stand in a job: one of <see cref="Values"/> under <see cref="Name"/>.</summary>
/// <param name="IsPrefix">Values begins with the only one.</param>
/// <param name="OrTypes">Jobs of these types match too: the word is the beginning of their name.</param>
public sealed record JobFieldTest(string Name, IReadOnlyList<string> Values, bool IsPrefix = false, IReadOnlyList<string>? OrTypes = null);

/// <summary>What a list of jobs is asked for, read from its query; all of it must hold. What cannot be read is left out.</summary>
public sealed record JobCriteria
{
    public const string State = "state", Type = "type", Queue = "queue", Owner = "owner", Node = "node", Period = "period", From = "from", To = "to",
        Batch = "batch", Parent = "parent", Schedule = "schedule";

    public const string Me = "me";

    /// <summary>Values of the filter <see cref="Period"/>.</summary>
    public static readonly IReadOnlyList<(string Name, TimeSpan Length)> Periods =
        [("hour", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1)), ("week", TimeSpan.FromDays(7)), ("month", TimeSpan.FromDays(30))];

    public long? Id { get; init; }

    public JobState? InState { get; init; }

    /// <summary>Empty for any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    public string? InQueue { get; init; }

    /// <summary>An id, <see cref="Me"/>, an address or a name.</summary>
    public string? OfOwner { get; init; }

    public string? OnNode { get; init; }

    public TimeSpan? Within { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    public long? InBatch { get; init; }

    public long? OfParent { get; init; }

    public string? OfSchedule { get; init; }

    public IReadOnlyList<JobFieldTest> Tests { get; init; } = [];

    public static JobCriteria Parse(ListQuery query, JobTypes types)
    {
        var criteria = new JobCriteria
        {
            InState = Enum.TryParse<JobState>(query.Filter(State), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
            Types = query.Filter(Type) is { } type ? [type] : [],
            InQueue = query.Filter(Queue),
            OfOwner = query.Filter(Owner),
            OnNode = query.Filter(Node),
            Within = Periods.FirstOrDefault(p => p.Name == query.Filter(Period)) is { Name: not null } period ? period.Length : null,
            CreatedFrom = Time(query.Filter(From)),
            CreatedTo = Time(query.Filter(To)),
            InBatch = Number(query.Filter(Batch)),
            OfParent = Number(query.Filter(Parent)),
            OfSchedule = query.Filter(Schedule),
        };
        var parts = query.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts is [var only] && Number(only) is { } number) return criteria with { Id = number };
        var fields = types.All.SelectMany(t => JobSearchFields.NamesOf(t.Arguments)).Append(JobField.Tag).Append(JobField.Subject).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return parts.Aggregate(criteria, (so, part) => so.With(part, fields, types));
    }

    private JobCriteria With(string part, HashSet<string> fields, JobTypes types)
    {
        if (part[0] == '#' && Number(part) is { } id) return this with { Id = id };
        if (part.IndexOf(':', StringComparison.Ordinal) is > 0 and var cut && cut < part.Length - 1)
        {
            var (name, value) = (part[..cut], part[(cut + 1)..]);
            if (name.Equals(Type, StringComparison.OrdinalIgnoreCase)) return this with { Types = Common([value]) };
            if (fields.TryGetValue(name, out var field)) return this with { Tests = [.. Tests, new JobFieldTest(field, [JobSearchFields.Normal(value)])] };
        }

        var named = types.All.Select(t => t.Name).Where(n => n.StartsWith(part, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        if (part.Contains('.', StringComparison.Ordinal) && named.Count > 0) return this with { Types = Common(named) };
        var tests = JobSearchFields.Words(part).Select(word => new JobFieldTest(JobField.Subject, [word], IsPrefix: word.Length > 1)).ToList();
        // A word may mean a slice ("documents") as well as a subject.
        if (tests is [var single] && single.Values[0].Length == part.Length && named.Count > 0) tests = [single with { OrTypes = named }];
        return this with { Tests = [.. Tests, .. tests] };
    }

    // Nothing has two types: what is asked for twice must be the same.
    private IReadOnlyList<string> Common(IReadOnlyList<string> more) => Types.Count == 0 ? more : Types.Intersect(more, StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } both ? both : ["-"];

    private static long? Number(string? text) =>
        long.TryParse(text?.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
