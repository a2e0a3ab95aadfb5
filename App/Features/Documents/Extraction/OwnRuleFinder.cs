using System.Diagnostics;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What own patterns and dictionaries find. A pattern that runs out of time is left out from then on, and named.</summary>
internal sealed class OwnRuleFinder
{
    private const double Confidence = 0.9;

    /// <summary>Of one pattern over a whole document.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private readonly WordTrie<OwnRule> _words = new();
    private readonly List<Running> _patterns = [];
    private readonly List<ReadReason> _warnings = [];

    public OwnRuleFinder(IEnumerable<OwnRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule.Kind == ExtractionRuleKind.Dictionary)
            {
                foreach (var word in rule.Words) _words.Add(word, rule, rule.MatchCase);
                continue;
            }
            try
            {
                _patterns.Add(new Running(rule, OwnPattern.Compile(rule.Definition, rule.MatchCase)));
            }
            catch (ArgumentException)
            {
                // Written by another version of the portal: saving checks it.
                _warnings.Add(new ReadReason("RuleBroken", rule.Name));
            }
        }
    }

    public IReadOnlyList<ReadReason> Warnings => _warnings;

    public void Find(PageEntities page)
    {
        _words.Find(page.Text, (start, end, rule) => page.Add(rule.Name, start, end, TextScan.Tidy(page.Text.AsSpan(start, end - start)), Confidence, rule.Id));
        foreach (var pattern in _patterns.Where(one => !one.Stopped)) Run(page, pattern);
    }

    private void Run(PageEntities page, Running pattern)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (var match = pattern.Regex.Match(page.Text); match.Success; match = match.NextMatch())
            {
                // A group that is named "value" is what is meant; what stands around it only tells where.
                var meant = match.Groups["value"] is { Success: true } group ? group : match;
                if (meant.Length > 0) page.Add(pattern.Rule.Name, meant.Index, meant.Index + meant.Length, TextScan.Tidy(meant.ValueSpan), Confidence, pattern.Rule.Id);
                if (pattern.Spent + Stopwatch.GetElapsedTime(started) > Budget) throw new RegexMatchTimeoutException();
            }
        }
        catch (RegexMatchTimeoutException)
        {
            pattern.Stopped = true;
            _warnings.Add(new ReadReason("RuleTimedOut", pattern.Rule.Name));
        }
        pattern.Spent += Stopwatch.GetElapsedTime(started);
    }

    private sealed class Running(OwnRule rule, Regex regex)
    {
        public OwnRule Rule { get; } = rule;

        public Regex Regex { get; } = regex;

        public TimeSpan Spent { get; set; }

        public bool Stopped { get; set; }
    }
}
