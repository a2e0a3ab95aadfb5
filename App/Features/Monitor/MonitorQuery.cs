using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Features.Monitor;

/// <summary>A span that the range picker offers.</summary>
/// <param name="Name">As it stands in the address, for instance <c>6h</c>.</param>
public sealed record MonitorSpan(string Name, TimeSpan Length)
{
    public static IReadOnlyList<MonitorSpan> All { get; } =
    [
        new("1m", TimeSpan.FromMinutes(1)), new("5m", TimeSpan.FromMinutes(5)), new("10m", TimeSpan.FromMinutes(10)), new("1h", TimeSpan.FromHours(1)), new("6h", TimeSpan.FromHours(6)),
        new("24h", TimeSpan.FromHours(24)), new("7d", TimeSpan.FromDays(7)), new("30d", TimeSpan.FromDays(30)), new("90d", TimeSpan.FromDays(90)), new("1y", TimeSpan.FromDays(365)),
    ];

    /// <summary>What the samples in memory cover, so that it is drawn ten times a second.</summary>
    public static TimeSpan LongestLive { get; } = TimeSpan.FromMinutes(10);

    public bool IsLive => Length <= LongestLive;

    public static MonitorSpan? Find(string? name) => All.FirstOrDefault(span => span.Name == name);
}

/// <summary>With which earlier time the shown range is compared.</summary>
public enum MonitorComparison
{
    None,

    /// <summary>The range of the same length that ended where this one begins.</summary>
    Before,
    Day,
    Week,
}

/// <summary>The whole state of the Monitor tab: one record for one query string, so that every view is a link.</summary>
public sealed record MonitorQuery
{
    /// <summary>Shortest range that can be asked for.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(5 * 366);

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>A span that ends now; not used when <see cref="From"/> and <see cref="To"/> are given.</summary>
    public MonitorSpan Span { get; init; } = MonitorSpan.All[0];

    /// <summary>Both or neither: a range that stands still.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public MonitorComparison Compare { get; init; }

    /// <summary>Null for the node that shows the page.</summary>
    public string? Node { get; init; }

    /// <summary>Which charts; null for the first group.</summary>
    public string? Group { get; init; }

    /// <summary>Keys of lines that are switched off.</summary>
    public ImmutableSortedSet<string> Hidden { get; init; } = [];

    /// <summary>The table of figures is open.</summary>
    public bool Figures { get; init; }

    /// <summary>True if the address named a range that cannot be shown; the default is shown in its place.</summary>
    public bool IsBroken { get; init; }

    public bool IsFixed => From is not null;

    /// <summary>Drawn from the stream of samples.</summary>
    public bool IsLive => !IsFixed && Span.IsLive && Node is null && Compare == MonitorComparison.None;

    public MetricRange Range(DateTimeOffset now) => IsFixed ? new MetricRange(From!.Value, To!.Value) : new MetricRange(now - Span.Length, now);

    /// <summary>How far back the earlier range lies; null if none is shown.</summary>
    public TimeSpan? Shift(MetricRange range) => Compare switch
    {
        MonitorComparison.Before => range.To - range.From,
        MonitorComparison.Day => TimeSpan.FromDays(1),
        MonitorComparison.Week => TimeSpan.FromDays(7),
        _ => null,
    };

    public MonitorQuery WithSpan(MonitorSpan span) => this with { Span = span, From = null, To = null, IsBroken = false };

    /// <summary>The range between two moments, to the millisecond, kept within what can be asked for.</summary>
    public MonitorQuery WithRange(DateTimeOffset from, DateTimeOffset to)
    {
        if (to < from) (from, to) = (to, from);
        if (to - from < Shortest) (from, to) = (from - Shortest / 2, from + Shortest / 2);
        if (to - from > Longest) from = to - Longest;
        return this with { From = Milliseconds(from), To = Milliseconds(to), IsBroken = false };
    }

    /// <summary>The same length, earlier (negative) or later by a part of it; never beyond now.</summary>
    public MonitorQuery Panned(double share, DateTimeOffset now)
    {
        var range = Range(now);
        var by = (range.To - range.From) * share;
        if (range.To + by > now) by = now - range.To;
        return WithRange(range.From + by, range.To + by);
    }

    /// <summary>A range that many times as long around the same middle; never beyond now.</summary>
    public MonitorQuery Zoomed(double factor, DateTimeOffset now)
    {
        var range = Range(now);
        var length = (range.To - range.From) * factor;
        if (length > Longest) length = Longest;
        var to = range.From + (range.To - range.From) / 2 + length / 2;
        if (to > now) to = now;
        return WithRange(to - length, to);
    }

    public MonitorQuery Toggled(string key) => this with { Hidden = Hidden.Contains(key) ? Hidden.Remove(key) : Hidden.Add(key) };

    /// <summary>Reads a query string (with or without "?"). Never throws: a mistyped link shows the default and says so.</summary>
    public static MonitorQuery Parse(string queryString)
    {
        var query = new MonitorQuery();
        DateTimeOffset? from = null, to = null;
        var broken = false;
        foreach (var part in queryString.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = part.IndexOf('=');
            var value = cut < 0 ? "" : Uri.UnescapeDataString(part[(cut + 1)..].Replace('+', ' '));
            switch (cut < 0 ? part : part[..cut])
            {
                case "range" when MonitorSpan.Find(value) is { } span: query = query with { Span = span }; break;
                case "range": broken = true; break;
                case "from": broken |= (from = Moment(value)) is null; break;
                case "to": broken |= (to = Moment(value)) is null; break;
                case "compare": query = query with { Compare = Enum.TryParse<MonitorComparison>(value, ignoreCase: true, out var compare) && Enum.IsDefined(compare) ? compare : MonitorComparison.None }; break;
                case "node" when value.Length > 0: query = query with { Node = value }; break;
                case "group" when value.Length > 0: query = query with { Group = value }; break;
                case "hide": query = query with { Hidden = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(200)] }; break;
                case "figures": query = query with { Figures = value == "1" }; break;
            }
        }

        if (from is { } start && to is { } end && end - start >= Shortest && end - start <= Longest) query = query with { From = start, To = end };
        else broken |= from is not null || to is not null;
        return query with { IsBroken = broken };
    }

    /// <summary>The query string with "?"; empty for the default view.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (IsFixed)
        {
            Append(text, "from", Write(From!.Value));
            Append(text, "to", Write(To!.Value));
        }
        else if (Span != MonitorSpan.All[0])
        {
            Append(text, "range", Span.Name);
        }

        if (Compare != MonitorComparison.None) Append(text, "compare", Compare.ToString().ToLowerInvariant());
        if (Group is not null) Append(text, "group", Group);
        if (Node is not null) Append(text, "node", Node);
        if (Hidden.Count > 0) Append(text, "hide", string.Join(',', Hidden));
        if (Figures) Append(text, "figures", "1");
        return text.ToString();
    }

    /// <summary>A moment as addresses carry it.</summary>
    public static string Write(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is > 1970 and < 3000 ? Milliseconds(at) : null;

    private static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal));
}
