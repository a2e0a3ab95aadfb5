using BlazorAdmin.Features.Flags;

namespace BlazorAdmin.Tests.Features.Flags;

public sealed class FlagValidatorTests
{
    private static readonly FlagDefinition Good = FlagDefinition.OnOff;
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, FlagDefinition, string> Wrong => new()
    {
        { "VariantsFew", Good with { Variants = [new("on")], Off = "on" }, "variants" },
        { "VariantsMany", Good with { Variants = [.. Good.Variants, .. Enumerable.Range(0, 20).Select(i => new FlagVariant($"v{i}"))] }, "variants" },
        { "VariantName", Good with { Variants = [new("on"), new("off"), new("<script>")] }, "variants.2" },
        { "VariantName", Good with { Variants = [new("on"), new("off"), new("")] }, "variants.2" },
        { "VariantTwice", Good with { Variants = [new("on"), new("off"), new("on")] }, "variants.2" },
        { "PayloadLong", Good with { Variants = [new("on", new string('x', 10_001)), new("off")] }, "variants.0" },
        { "OffUnknown", Good with { Off = "gone" }, "off" },
        { "DefaultUnknown", Good with { Default = "gone" }, "default" },
        { "RulesMany", Good with { Rules = [.. Enumerable.Range(0, 51).Select(_ => new FlagRule { Variant = "on" })] }, "rules" },
        { "RuleVariantUnknown", Good with { Rules = [new FlagRule { Variant = "gone" }] }, "rules.0.outcome" },
        { "RuleVariantUnknown", Good with { Rules = [new FlagRule()] }, "rules.0.outcome" },
        { "RuleOutcomes", Good with { Rules = [new FlagRule { Variant = "on", Weights = [new("on", 100_000)] }] }, "rules.0.outcome" },
        { "WeightsSum", Good with { Rules = [new FlagRule { Weights = [new("on", 60_000), new("off", 39_999)] }] }, "rules.0.outcome" },
        { "WeightTwice", Good with { Rules = [new FlagRule { Weights = [new("on", 60_000), new("on", 40_000)] }] }, "rules.0.outcome" },
        { "WeightRange", Good with { Rules = [new FlagRule { Weights = [new("on", 160_000), new("off", -60_000)] }] }, "rules.0.outcome" },
        { "WindowEnds", Good with { Rules = [new FlagRule { Variant = "on", From = Noon, Until = Noon }] }, "rules.0.until" },
        { "PercentRange", Good with { Rules = [new FlagRule { Variant = "on", Thousandths = 100_001 }] }, "rules.0.percent" },
        { "RoleUnknown", Good with { Rules = [new FlagRule { Variant = "on", Roles = [Guid.NewGuid()] }] }, "rules.0.roles" },
        { "PeopleMany", Good with { Rules = [new FlagRule { Variant = "on", People = [.. Enumerable.Range(0, 1_001).Select(_ => Guid.NewGuid())] }] }, "rules.0.people" },
        { "NeedSelf", Good with { Needs = [new("test.flag", "on")] }, "needs.0" },
        { "NeedUnknown", Good with { Needs = [new("no.such", "on")] }, "needs.0" },
        { "NeedVariantUnknown", Good with { Needs = [new("other.plain", "blue")] }, "needs.0" },
        { "NeedTwice", Good with { Needs = [new("other.plain", "on"), new("other.plain", "off")] }, "needs" },
        { "NeedCycle", Good with { Needs = [new("other.back", "on")] }, "needs" },
        { "NeedDepth", Good with { Needs = [new("deep.1", "on")] }, "needs" },
        { "VariantNeeded", Good with { Variants = [new("yes"), new("off")], Default = "yes" }, "variants" },
    };

    private static FlagSurroundings Around { get; } = new(
        new Dictionary<string, FlagDefinition>
        {
            ["other.plain"] = Good, ["other.back"] = Good with { Needs = [new("test.flag", "on")] },
            ["deep.1"] = Good with { Needs = [new("deep.2", "on")] }, ["deep.2"] = Good with { Needs = [new("deep.3", "on")] }, ["deep.3"] = Good with { Needs = [new("deep.4", "on")] },
            ["deep.4"] = Good with { Needs = [new("deep.5", "on")] }, ["deep.5"] = Good,
        },
        new HashSet<Guid> { FlagBench.EditorRole });

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_OneThingWrong_NamesItsField(string code, FlagDefinition definition, string field) =>
        FlagValidator.Check("test.flag", definition, Around).ShouldContain(issue => issue.Code == code && issue.Field == field);

    [Fact]
    public void Check_EverythingUsed_IsFine() => FlagValidator.Check("test.flag", Good with
    {
        Needs = [new("other.plain", "on"), new("deep.2", "on")],
        Rules = [new FlagRule { Roles = [FlagBench.EditorRole], People = [Guid.NewGuid()], From = Noon, Until = Noon.AddDays(1), Thousandths = 1, Weights = [new("on", 1), new("off", 99_999)] }],
    }, Around).ShouldBeEmpty();

    [Fact]
    public void Check_Cycle_SaysTheWay() =>
        FlagValidator.Check("test.flag", Good with { Needs = [new("other.back", "on")] }, Around).ShouldHaveSingleItem().Arguments.ShouldBe(["test.flag → other.back → test.flag"]);

    [Theory]
    [InlineData("", "KeyMissing")]
    [InlineData("nodot", "KeyForm")]
    [InlineData("Upper.case", "KeyForm")]
    [InlineData("a.b\n", "KeyForm")]
    [InlineData("a..b", "KeyForm")]
    [InlineData("<b>.c", "KeyForm")]
    public void CheckKey_BadForm_IsNamed(string key, string code) => FlagValidator.CheckKey(key).ShouldHaveSingleItem().Code.ShouldBe(code);

    [Fact]
    public void CheckKey_GoodForm_IsFine()
    {
        FlagValidator.CheckKey("ask.streaming_v2.beta").ShouldBeEmpty();
        FlagValidator.CheckKey("a." + new string('b', 100)).ShouldHaveSingleItem().Code.ShouldBe("KeyLong");
    }
}
