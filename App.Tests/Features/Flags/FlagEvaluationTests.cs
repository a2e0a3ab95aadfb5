using BlazorAdmin.Features.Flags;

namespace BlazorAdmin.Tests.Features.Flags;

public sealed class FlagEvaluationTests
{
    private static readonly Guid Ada = new("00000000-0000-0000-0000-00000000ada0");
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FlagDefinition OffByDefault = FlagDefinition.OnOff with { Default = "off" };

    [Fact]
    public void Evaluate_SwitchedOff_GivesTheOffVariantWhateverTheRulesSay() =>
        FlagBench.Compile(FlagDefinition.OnOff with { Rules = [new FlagRule { Variant = "on" }] }, enabled: false).Evaluate(FlagBench.Person(Ada), 0)
            .ShouldBe(new FlagDecision("off", null, false, FlagReason.Off, 0));

    [Fact]
    public void Evaluate_NoRule_GivesTheDefault() => FlagBench.Compile(FlagDefinition.OnOff).Evaluate(FlagBench.Person(Ada), 0).ShouldBe(new FlagDecision("on", null, true, FlagReason.Default, 0));

    [Theory]
    [InlineData(true, "Editor", true)]
    [InlineData(true, "Member", false)]
    [InlineData(false, "Editor", false)]
    public void Evaluate_ConditionsOfARule_AllHaveToHold(bool isAda, string role, bool expected)
    {
        var flag = FlagBench.Compile(OffByDefault with { Rules = [new FlagRule { Roles = [FlagBench.EditorRole], People = [Ada], Variant = "on" }] });

        flag.Evaluate(FlagBench.Person(isAda ? Ada : Guid.NewGuid(), role), 0).IsOn.ShouldBe(expected);
    }

    [Fact]
    public void Evaluate_SeveralRules_TheFirstThatHoldsDecides()
    {
        var flag = FlagBench.Compile(OffByDefault with { Rules = [new FlagRule { Roles = [FlagBench.EditorRole], Variant = "off" }, new FlagRule { People = [Ada], Variant = "on" }] });

        flag.Evaluate(FlagBench.Person(Ada, "Editor"), 0).ShouldBe(new FlagDecision("off", null, false, FlagReason.Rule, 1));
        flag.Evaluate(FlagBench.Person(Ada), 0).ShouldBe(new FlagDecision("on", null, true, FlagReason.Rule, 2));
        flag.Evaluate(FlagBench.Person(Ada), 0).Code.ShouldBe("rule:2");
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void Evaluate_Window_HoldsFromTheFirstMomentUntilBeforeTheLast(int minutes, bool expected)
    {
        var flag = FlagBench.Compile(OffByDefault with { Rules = [new FlagRule { From = Noon, Until = Noon.AddHours(1), Variant = "on" }] });

        flag.Evaluate(FlagBench.Person(Ada), Noon.AddMinutes(minutes).UtcTicks).IsOn.ShouldBe(expected);
        FlagBench.Snapshot(FlagBench.Row(flag.Definition)).BoundaryAfter(Noon.AddMinutes(minutes)).ShouldBe(minutes < 0 ? Noon : minutes < 60 ? Noon.AddHours(1) : null);
    }

    [Fact]
    public void Evaluate_Prerequisite_MustGiveTheVariantToTheSamePerson()
    {
        var needed = FlagBench.Row(OffByDefault with { Rules = [new FlagRule { People = [Ada], Variant = "on" }] }, "a.base");
        var needing = FlagBench.Row(FlagDefinition.OnOff with { Needs = [new("a.base", "on")] }, "b.top");
        var snapshot = FlagBench.Snapshot(needing, needed);

        snapshot.Decide("b.top", FlagBench.Person(Ada)).IsOn.ShouldBeTrue();
        snapshot.Decide("b.top", FlagBench.Person(Guid.NewGuid())).ShouldBe(new FlagDecision("off", null, false, FlagReason.Prerequisite, 1));
        FlagBench.Snapshot(needing).Decide("b.top", FlagBench.Person(Ada)).Reason.ShouldBe(FlagReason.Prerequisite, "what it needs is gone");
    }

    [Fact]
    public void Evaluate_StoredCycle_GivesTheOffVariantAndEnds()
    {
        var snapshot = FlagBench.Snapshot(
            FlagBench.Row(FlagDefinition.OnOff with { Needs = [new("b.two", "on")] }, "a.one"), FlagBench.Row(FlagDefinition.OnOff with { Needs = [new("a.one", "on")] }, "b.two"),
            FlagBench.Row(FlagDefinition.OnOff with { Needs = [new("a.one", "on")] }, "c.three"));

        foreach (var key in new[] { "a.one", "b.two", "c.three" }) snapshot.Decide(key, FlagBench.Person(Ada)).Reason.ShouldBe(FlagReason.Prerequisite);
    }

    [Fact]
    public void Evaluate_Weights_SpreadPeopleAndNotTheSameAsTheShare()
    {
        var definition = new FlagDefinition
        {
            Variants = [new("off"), new("a"), new("b"), new("c")], Off = "off", Default = "off",
            Rules = [new FlagRule { Thousandths = 50_000, Weights = [new("a", 50_000), new("b", 25_000), new("c", 25_000)] }],
        };
        var flag = FlagBench.Compile(definition);

        var given = Enumerable.Range(0, 100_000).Select(i => flag.Evaluate(FlagBench.Person(new Guid(i, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10])), 0).Variant).CountBy(v => v).ToDictionary(v => v.Key, v => v.Value / 1_000d);

        given["off"].ShouldBe(50, 0.5);
        given["a"].ShouldBe(25, 0.5);
        given["b"].ShouldBe(12.5, 0.5);
        given["c"].ShouldBe(12.5, 0.5);
    }

    [Fact]
    public void Evaluate_PortalItself_NoPersonRoleOrShareConcernsIt()
    {
        FlagRule[] rules = [new() { People = [Ada], Variant = "on" }, new() { Roles = [FlagBench.EditorRole], Variant = "on" }, new() { Thousandths = 99_999, Variant = "on" }];
        foreach (var rule in rules) FlagBench.Compile(OffByDefault with { Rules = [rule] }).Evaluate(FlagBench.Person(null), 0).IsOn.ShouldBeFalse();
        FlagBench.Compile(OffByDefault with { Rules = [new FlagRule { Variant = "on" }] }).Evaluate(FlagBench.Person(null), 0).IsOn.ShouldBeTrue();
    }

    [Fact]
    public void Evaluate_MadeAnewFromTheStoredText_GivesTheSame()
    {
        var definition = new FlagDefinition
        {
            Variants = [new("on", "{\"size\":3}"), new("off")], Off = "off", Default = "off", EndsOn = new DateOnly(2027, 1, 31), Permanent = true, Needs = [new("x.y", "on")],
            Rules = [new FlagRule { Roles = [FlagBench.EditorRole], People = [Ada], From = Noon, Until = Noon.AddDays(1), Thousandths = 12_345, Weights = [new("on", 60_000), new("off", 40_000)] }],
        };

        var again = FlagDefinition.FromJson(definition.ToJson());

        again.ShouldBe(definition);
        again.ToJson().ShouldBe(definition.ToJson());
        FlagDefinition.TryRead(definition.ToJson().Replace("\"format\":1", "\"format\":9")).ShouldBeNull();
        FlagDefinition.TryRead("{").ShouldBeNull();
    }

    [Fact]
    public void Evaluate_ManyTimes_AllocatesNothing()
    {
        var snapshot = FlagBench.Snapshot(
            FlagBench.Row(FlagDefinition.OnOff, "a.base"),
            FlagBench.Row(OffByDefault with { Needs = [new("a.base", "on")], Rules = [new FlagRule { Roles = [FlagBench.EditorRole], Thousandths = 50_000, Variant = "on" }] }, "b.top"));
        var (flag, person, exposures) = (snapshot.Find(BlazorAdmin.Data.AppDbContext.DefaultTenant, "b.top")!, FlagBench.Person(Ada, "Editor"), new FlagExposures());
        long Ask()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++) exposures.Note(flag, Ada, flag.Evaluate(person, Noon.UtcTicks), Noon.UtcTicks);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Ask();
        Measured.Agrees(() => Ask().ShouldBe(0));
        exposures.Queue.Count.ShouldBe(1, "the same answer to the same person is taken once");
    }
}
