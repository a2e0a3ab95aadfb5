using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>A regular expression that a person wrote: it runs in linear time where its form allows that, and never longer than a limit.</summary>
public static class OwnPattern
{
    public const int LongestPattern = 2_000;

    /// <summary>Of one search in one page.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ArgumentException">It is no regular expression; the message says where.</exception>
    public static Regex Compile(string pattern, bool matchCase)
    {
        var options = RegexOptions.CultureInvariant | RegexOptions.Multiline | (matchCase ? RegexOptions.None : RegexOptions.IgnoreCase);
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            // Looks around or refers back: only the limit of time protects then.
            return new Regex(pattern, options, Limit);
        }
    }
}
