using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class OwnRuleTests
{
    [Fact]
    public void Pattern_WithGroup_MarksTheMeantPart()
    {
        var found = Finding.In("Ref: AB12 and Ref: CD34", Finding.Pattern(@"Ref: (?<value>\w+)")).Where(one => one.Kind == "own").ToList();

        found.Select(one => one.Value).ShouldBe(["AB12", "CD34"]);
        found[0].Start.ShouldBe(5);
    }

    [Fact]
    public void Pattern_NestedRepetition_RunsInLinearTime()
    {
        var (found, warnings) = EntityFinder.Find([new EntityPage(1, new string('a', 100_000) + "!")], [Finding.Pattern("(a+)+$")], CancellationToken.None);

        found.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Pattern_ThatRunsOutOfTime_IsAWarningAndTheOthersGoOn()
    {
        // Referring back cannot be done in linear time: only the limit ends this one.
        var slow = Finding.Pattern(@"^(?:(\w+)\s?)+\1$", "slow");

        var (found, warnings) = EntityFinder.Find([new EntityPage(1, string.Concat(Enumerable.Repeat("aaaaaaaaaa ", 40)) + "! PRJ-1")], [slow, Finding.Pattern(@"PRJ-\d+", "project")], CancellationToken.None);

        var warning = warnings.ShouldHaveSingleItem();
        warning.ToString().ShouldBe("RuleTimedOut(slow)");
        found.ShouldContain(one => one.Kind == "project" && one.Value == "PRJ-1");
    }

    [Fact]
    public void Pattern_ThatSplitsACharacter_FindsNothing() => Finding.In("x\ud83d\ude00y", Finding.Pattern("x.")).ShouldBeEmpty();

    [Fact]
    public void Dictionary_WholeWordsAndPhrases_AreFoundOverLineEnds()
    {
        var found = Finding.In("Der Nordstern leuchtet; Nordsterne nicht.\nGroßer\nBär und großer bär, C++ und C", Finding.Dictionary("nordstern\nGroßer Bär\nC++")).Where(one => one.Kind == "own").Select(one => one.Text);

        found.ShouldBe(["Nordstern", "Großer\nBär", "großer bär", "C++"]);
    }

    [Fact]
    public void Dictionary_MatchCase_TakesOnlyTheSame() =>
        Finding.In("Rot rot ROT", Finding.Dictionary("Rot", matchCase: true)).Where(one => one.Kind == "own").Select(one => one.Start).ShouldBe([0]);

    [Fact]
    public void Dictionary_ManyEntries_TakeOnePass()
    {
        var words = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"der Begriff {i}"));

        var found = Finding.In(string.Concat(Enumerable.Repeat("der Begriff 77 der ", 20_000)), Finding.Dictionary(words));

        found.Count(one => one.Kind == "own").ShouldBe(EntityFinder.Most);
    }

    [Theory]
    [InlineData("", "PatternMissing")]
    [InlineData("(a", "PatternWrong")]
    [InlineData("[z-a]", "PatternWrong")]
    [InlineData(@"\d*", "PatternMatchesNothing")]
    public void Check_BadPattern_NamesFieldAndRemedy(string pattern, string key) =>
        new ExtractionRuleForm("x", ExtractionRuleKind.Pattern, pattern, false, false).Check().ShouldHaveSingleItem().Key.ShouldBe(key);

    [Fact]
    public void Check_BadWords_NameTheLine()
    {
        var issue = new ExtractionRuleForm("x", ExtractionRuleKind.Dictionary, "good\n!!!\nmore", false, false).Check().ShouldHaveSingleItem();

        (issue.Key, issue.Arguments[0]).ShouldBe(("WordWrong", 2));
    }
}
