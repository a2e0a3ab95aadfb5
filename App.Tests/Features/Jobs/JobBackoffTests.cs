using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobBackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(9, 2560)]
    [InlineData(10, 3600)]
    [InlineData(1_000_000, 3600)]
    public void Ceiling_Failures_DoublesUpToTheLongest(int failures, double seconds) =>
        JobBackoff.Ceiling(failures, First, Longest).TotalSeconds.ShouldBe(seconds);

    [Fact]
    public void Delay_Jitter_SpreadsOverTheWholeRange()
    {
        JobBackoff.Delay(3, First, Longest, 0).ShouldBe(TimeSpan.Zero);
        JobBackoff.Delay(3, First, Longest, 0.5).ShouldBe(TimeSpan.FromSeconds(20));
        JobBackoff.Delay(3, First, Longest, 0.9999).ShouldBeLessThan(TimeSpan.FromSeconds(40));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("plain", "plain")]
    [InlineData("grün 🙂", "grün 🙂")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void Clean_Text_IsWhatDatabasesAccept(string? text, string? expected) => JobText.Clean(text, 20).ShouldBe(expected);

    [Fact]
    public void Clean_HalfOfAPair_IsReplaced()
    {
        JobText.Clean("half \uD83D", 20).ShouldBe("half \uFFFD");
        JobText.Clean("\uDE42 half", 20).ShouldBe("\uFFFD half");
    }

    [Fact]
    public void Clean_TooLong_IsCutBetweenCharacters()
    {
        JobText.Clean("0123456789", 5).ShouldBe("0123…");
        JobText.Clean("012🙂56789", 5).ShouldBe("012…");
        JobText.Clean("01234", 5).ShouldBe("01234");
    }

    [Fact]
    public void Show_Arguments_MasksSecrets()
    {
        var shown = JobArguments.Show("""{"name":"ä","Password":"p","nested":{"apiKey":"k","items":[{"accessToken":"t","n":1}]},"token":null}""", null);

        shown.ShouldContain("\"name\": \"ä\"");
        shown.ShouldNotContain("\"p\"");
        shown.ShouldNotContain("\"k\"");
        shown.ShouldNotContain("\"t\"");
        shown.ShouldContain("\"n\": 1");
        JobArguments.Show("{ broken", null).ShouldBe("{ broken");
    }
}
