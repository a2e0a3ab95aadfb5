using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What a person says of an own rule.</summary>
public sealed record ExtractionRuleForm(string Name, ExtractionRuleKind Kind, string Definition, bool MatchCase, bool IsField)
{
    public const int MostWords = 20_000;
    public const int LongestWord = 200;

    /// <summary>What stands in the way of using it, each with field and remedy.</summary>
    public IReadOnlyList<RuleIssue> Check()
    {
        var issues = new List<RuleIssue>();
        if (Name.Trim().Length == 0) issues.Add(new RuleIssue("name", "NameMissing"));
        else if (Name.Trim().Length > EntityMention.KindLength) issues.Add(new RuleIssue("name", "NameTooLong", EntityMention.KindLength));
        if (Definition.Trim().Length == 0) issues.Add(new RuleIssue("definition", Kind == ExtractionRuleKind.Pattern ? "PatternMissing" : "WordsMissing"));
        else if (Kind == ExtractionRuleKind.Pattern) issues.AddRange(PatternIssues("definition", Definition));
        else issues.AddRange(WordIssues());
        return issues;
    }

    internal static IEnumerable<RuleIssue> PatternIssues(string field, string pattern)
    {
        if (pattern.Length > OwnPattern.LongestPattern) return [new RuleIssue(field, "PatternTooLong", OwnPattern.LongestPattern)];
        try
        {
            return OwnPattern.Compile(pattern, matchCase: true).IsMatch("") ? [new RuleIssue(field, "PatternMatchesNothing")] : [];
        }
        catch (RegexParseException exception)
        {
            return [new RuleIssue(field, "PatternWrong", exception.Offset, Words(exception))];
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return [new RuleIssue(field, "PatternWrong", 0, exception.Message)];
        }
    }

    /// <summary>Of "Invalid pattern '(a' at offset 2. Not enough )'s." the last sentence.</summary>
    private static string Words(RegexParseException exception) => exception.Message.LastIndexOf(". ", StringComparison.Ordinal) is > 0 and var at ? exception.Message[(at + 2)..] : exception.Message;

    private IEnumerable<RuleIssue> WordIssues()
    {
        var lines = Definition.Split('\n');
        if (lines.Length > MostWords) yield return new RuleIssue("definition", "TooManyWords", MostWords);
        var probe = new WordTrie<bool>();
        for (var i = 0; i < Math.Min(lines.Length, MostWords); i++)
        {
            var word = lines[i].Trim();
            if (word.Length == 0) continue;
            if (word.Length <= LongestWord && probe.Add(word, true, MatchCase)) continue;
            yield return new RuleIssue("definition", "WordWrong", i + 1, LongestWord, WordTrie<bool>.MostTokens);
            yield break;
        }
    }
}
