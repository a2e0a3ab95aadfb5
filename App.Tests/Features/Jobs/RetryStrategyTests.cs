using BlazorAdmin.Features.Jobs.Rules;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class RetryStrategyTests
{
    [Theory]
    [InlineData("exponential 10s..1h")]
    [InlineData("fixed 30s")]
    [InlineData("table 500ms 1m 1h 2d")]
    public void Parse_WhatToStringWrites_IsTheSame(string text) => RetryStrategy.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("", "kind")]
    [InlineData("fixed", "kind")]
    [InlineData("sometimes 3s", "sometimes")]
    [InlineData("fixed 3 weeks", "fixed 3 weeks")]
    [InlineData("fixed 3w", "3w")]
    [InlineData("fixed -3s", "-3s")]
    [InlineData("fixed 31d", "31d")]
    [InlineData("exponential 1h..10s", "longer")]
    public void Parse_Wrong_SaysWhatIsWrong(string text, string named) => Should.Throw<RetryFormatException>(() => RetryStrategy.Parse(text)).Message.ShouldContain(named);

    [Fact]
    public void Delay_Table_RepeatsTheLast()
    {
        var strategy = RetryStrategy.Parse("table 1s 5s");

        new[] { 1, 2, 3, 30 }.Select(f => strategy.Delay(f, 0.5).TotalSeconds).ShouldBe([1, 5, 5, 5]);
    }

    [Fact]
    public void Delay_Exponential_StaysUnderItsDoublingBound()
    {
        var strategy = RetryStrategy.Parse("exponential 10s..1m");

        new[] { 1, 2, 3, 4, 50 }.Select(f => strategy.Delay(f, 0.999999).TotalSeconds).Select(s => Math.Round(s)).ShouldBe([10, 20, 40, 60, 60]);
    }
}
