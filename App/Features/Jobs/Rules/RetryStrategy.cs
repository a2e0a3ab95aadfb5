using System.Globalization;

namespace BlazorAdmin.Features.Jobs.Rules;

public enum RetryKind
{
    Exponential,
    Fixed,
    Table,
}

/// <summary>
/// How long a failed job waits for its next attempt. Written as <c>exponential 10s..1h</c> (bound doubles from the first to
/// the last, the wait is a random share of it: full jitter, M. Brooker, "Exponential Backoff And Jitter", AWS 2015),
/// <c>fixed 30s</c>, or <c>table 10s 1m 1h</c> (the last one repeats). Units: ms, s, m, h, d.
/// </summary>
public sealed record RetryStrategy(RetryKind Kind, IReadOnlyList<TimeSpan> Waits)
{
    public static readonly RetryStrategy Default = new(RetryKind.Exponential, [TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)]);

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    /// <summary>The wait after the <paramref name="failures"/>-th failure in a row (1 for the first).</summary>
    /// <param name="random">Uniform in [0, 1).</param>
    public TimeSpan Delay(int failures, double random) => Kind switch
    {
        RetryKind.Exponential => JobBackoff.Delay(failures, Waits[0], Waits[^1], random),
        RetryKind.Fixed => Waits[0],
        _ => Waits[Math.Clamp(failures - 1, 0, Waits.Count - 1)],
    };

    /// <exception cref="RetryFormatException">Says what is wrong with <paramref name="text"/>.</exception>
    public static RetryStrategy Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2) throw new RetryFormatException(RetryFault.Incomplete, "Write a kind and its times, for instance \"exponential 10s..1h\", \"fixed 30s\" or \"table 10s 1m 1h\".");
        switch (words[0].ToLowerInvariant())
        {
            case "fixed" when words.Length == 2:
                return new RetryStrategy(RetryKind.Fixed, [ParseTime(words[1])]);
            case "table" when words.Length <= 51:
                return new RetryStrategy(RetryKind.Table, [.. words.Skip(1).Select(ParseTime)]);
            case "exponential" when words.Length == 2 && words[1].Split("..") is [var first, var last]:
                var strategy = new RetryStrategy(RetryKind.Exponential, [ParseTime(first), ParseTime(last)]);
                return strategy.Waits[0] <= strategy.Waits[1] ? strategy : throw new RetryFormatException(RetryFault.Falling, $"The first wait ({first}) is longer than the longest ({last}).", first, last);
            default:
                throw new RetryFormatException(RetryFault.Unknown, $"\"{text}\" is not a retry strategy; write for instance \"exponential 10s..1h\", \"fixed 30s\" or \"table 10s 1m 1h\".", text);
        }
    }

    public override string ToString() => Kind switch
    {
        RetryKind.Exponential => $"exponential {Format(Waits[0])}..{Format(Waits[^1])}",
        RetryKind.Fixed => $"fixed {Format(Waits[0])}",
        _ => $"table {string.Join(' ', Waits.Select(Format))}",
    };

    public bool Equals(RetryStrategy? other) => other is not null && Kind == other.Kind && Waits.SequenceEqual(other.Waits);

    public override int GetHashCode() => HashCode.Combine(Kind, Waits.Count, Waits[0]);

    private static TimeSpan ParseTime(string text)
    {
        foreach (var (unit, seconds) in Units)
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds is >= 0 and <= 30 * 86_400 and var total)
                return TimeSpan.FromSeconds(total);
        throw new RetryFormatException(RetryFault.NoTime, $"\"{text}\" is not a time; write a number and a unit (ms, s, m, h, d), at most 30d.", text);
    }

    private static string Format(TimeSpan time)
    {
        var total = time.TotalSeconds;
        var (unit, seconds) = Units.Reverse().FirstOrDefault(u => total >= u.Seconds && Math.Abs(total / u.Seconds - Math.Round(total / u.Seconds)) < 1e-9);
        return unit is null ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms") : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(total / seconds)}{unit}");
    }
}
