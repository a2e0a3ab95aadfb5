using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Logs;

/// <summary>What the log is asked for, read from the list's query; all of it must hold. What cannot be read is left out.</summary>
public sealed partial record LogCriteria
{
    public const string LevelName = "level", SliceName = "slice", PersonName = "person", ReferenceName = "reference", TraceName = "trace", JobName = "job", NodeName = "node", FromName = "from", ToName = "to";

    public LogLevel? Least { get; init; }

    public string? Slice { get; init; }

    /// <summary>An id, an address or the beginning of a name.</summary>
    public string? Person { get; init; }

    public string? Reference { get; init; }

    public string? Trace { get; init; }

    public long? Job { get; init; }

    public string? Node { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>In lower case; stands somewhere in the message or the exception.</summary>
    public string? Text { get; init; }

    public static LogCriteria Parse(ListQuery query)
    {
        var search = query.Search.Trim();
        // A number that somebody reads out is looked up, not searched for.
        var isReference = ReferenceNumber().IsMatch(search.ToUpperInvariant());
        return new LogCriteria
        {
            Least = Enum.TryParse<LogLevel>(query.Filter(LevelName), ignoreCase: true, out var level) && level is > LogLevel.Trace and < LogLevel.None ? level : null,
            Slice = query.Filter(SliceName),
            Person = query.Filter(PersonName)?.Trim(),
            Reference = (query.Filter(ReferenceName) ?? (isReference ? search : null))?.Trim().ToUpperInvariant(),
            Trace = query.Filter(TraceName)?.Trim().ToLowerInvariant(),
            Job = long.TryParse(query.Filter(JobName)?.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var job) ? job : null,
            Node = query.Filter(NodeName),
            From = ListDays.Instant(query.Filter(FromName)),
            To = ListDays.Instant(query.Filter(ToName)),
            Text = search.Length > 0 && !isReference ? search.ToLowerInvariant() : null,
        };
    }

    [GeneratedRegex(@"\A[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReferenceNumber();
}
