namespace BlazorAdmin.Features.Users;

/// <summary>What people know about, as it is typed: words or short phrases between commas.</summary>
public static class Topics
{
    public const int Most = 20;
    public const int LongestName = 100;

    /// <returns>The topics, each once whatever its case; null if there are too many or one is too long.</returns>
    public static IReadOnlyList<string>? Parse(string? text)
    {
        var topics = (text ?? "").Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(topic => !topic.Any(char.IsControl)).DistinctBy(topic => topic.ToLowerInvariant()).ToList();
        return topics.Count > Most || topics.Exists(topic => topic.Length > LongestName) ? null : topics;
    }

    public static string Show(IEnumerable<string> topics) => string.Join(", ", topics);
}
