using BlazorAdmin.Features.Logs;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class LogMaskTests
{
    [Theory]
    [InlineData("Host=db;Username=me;Password=geheim;Timeout=3", "Host=db;Username=me;Password=***;Timeout=3")]
    [InlineData("Pwd='with ; inside';x", "Pwd=***;x")]
    [InlineData("{\"password\":\"geheim\",\"a\":1}", "{\"password\":\"***\",\"a\":1}")]
    [InlineData("GET /account/link?token=abc.DEF&x=1", "GET /account/link?token=***&x=1")]
    [InlineData("Authorization: Bearer abcdefghijkl", "Authorization: Bearer ***")]
    [InlineData("it was ba_0123456789abcdefghij here", "it was ba_*** here")]
    [InlineData("api-key: xyz", "api-key: ***")]
    [InlineData("nothing hidden: 12 of 13", "nothing hidden: 12 of 13")]
    [InlineData("a\0b", "ab")]
    public void Clean_Text_LosesItsSecretsOnly(string text, string expected) => LogMask.Clean(text).ShouldBe(expected);

    [Theory]
    [InlineData("Password", true)]
    [InlineData("newPassword", true)]
    [InlineData("AccessToken", true)]
    [InlineData("ConnectionString", true)]
    [InlineData("ApiKey", true)]
    [InlineData("Path", false)]
    [InlineData("Count", false)]
    public void IsSecret_Name_TellsByIt(string name, bool expected) => LogMask.IsSecret(name).ShouldBe(expected);

    // Not as data of a theory: attributes hold UTF-8, which has no form for these either.
    [Fact]
    public void Clean_HalfAPair_BecomesTheReplacementCharacter()
    {
        LogMask.Clean("a\uD83Db").ShouldBe("a\uFFFDb");
        LogMask.Clean("\uDE00").ShouldBe("\uFFFD");
        LogMask.Clean("\uDE00\uD83D").ShouldBe("\uFFFD\uFFFD");
        LogMask.Clean("x \uD83D\uDE00 y").ShouldBe("x \uD83D\uDE00 y");
    }

    [Fact]
    public void Clean_CutWithinAPair_LeavesItOut() => LogMask.Clean("abc\uD83D\uDE00defgh", 5).ShouldBe("abc…");

    [Fact]
    public void Clean_LongText_IsLookedThroughAtItsBeginningOnly()
    {
        LogMask.Clean("password=hunter2 " + new string('x', 10_000_000), 50).ShouldStartWith("password=*** x");
        LogMask.Clean(string.Concat(Enumerable.Repeat("\uD83D\uDE00", 500)), 10).EnumerateRunes().ShouldNotContain(System.Text.Rune.ReplacementChar);
    }

    [Fact]
    public void Clean_LongText_IsCut() => LogMask.Clean(new string('x', 50), 10).Length.ShouldBe(10);
}
