using BlazorAdmin.Features.Flags;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>What the editor holds becomes the definition that was meant.</summary>
public sealed class FlagDraftTests : IDisposable
{
    private static readonly FlagChoices NoChoices = new([], [], new Dictionary<Guid, FlagPersonRow>(), true);
    private static readonly FlagDefinition Spread = FlagDefinition.OnOff with { Rules = [new FlagRule { Weights = [new("off", 60_000), new("on", 40_000)] }] };

    private readonly ShellContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Window_InTheHourThatHappensTwice_StaysUntilItsFieldIsTouched()
    {
        var display = _context.Services.GetRequiredService<Display>();
        display.UseZone("Europe/Berlin").ShouldBeTrue();
        // Both are 02:30 in Berlin on the night the clocks go back.
        var (first, second) = (new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 25, 1, 30, 0, TimeSpan.Zero));
        var definition = FlagDefinition.OnOff with { Rules = [new FlagRule { From = first, Until = second, Variant = "on" }] };
        var draft = FlagDraft.Of(definition, null, NoChoices, display, "gone");

        draft.ToDefinition(display).ShouldBe(definition);
        draft.Rules[0].From.ShouldBe(new DateTime(2026, 10, 25, 2, 30, 0));
        draft.Rules[0].Until = new DateTime(2026, 10, 25, 12, 0, 0);
        draft.ToDefinition(display).Rules[0].Until.ShouldBe(new DateTimeOffset(2026, 10, 25, 11, 0, 0, TimeSpan.Zero));
        draft.ToDefinition(display).Rules[0].From.ShouldBe(first);
    }

    [Fact]
    public void Variants_AddedAndRemoved_HaveAShareInEveryRuleThatSpreads()
    {
        var display = _context.Services.GetRequiredService<Display>();
        var draft = FlagDraft.Of(Spread, null, NoChoices, display, "gone");

        draft.AddVariant();
        draft.Rename(draft.Variants[2], "beta");
        draft.Rules[0].Weights[2].Percent = 10;
        draft.ToDefinition(display).Rules[0].Weights.ShouldBe([new("off", 60_000), new("on", 40_000), new("beta", 10_000)]);

        draft.RemoveVariant(draft.Variants[0]);
        draft.ToDefinition(display).Rules[0].Weights.ShouldBe([new("off", 60_000), new("beta", 10_000)]);
    }

    [Fact]
    public void Rule_TwoVariantsOfOneName_IsDrawnWithAFieldForEach()
    {
        var draft = FlagDraft.Of(Spread, null, NoChoices, _context.Services.GetRequiredService<Display>(), "gone");
        draft.Rename(draft.Variants[0], "off");

        var rule = _context.Render<FlagRuleEditor>(p => p.Add(r => r.Draft, draft).Add(r => r.Rule, draft.Rules[0]).Add(r => r.Place, 0).Add(r => r.Choices, NoChoices).Add(r => r.Issues, []).Add(r => r.ReadOnly, true));
        rule.Render();

        rule.FindAll("label.row input").Select(field => field.GetAttribute("value")).ShouldBe(["60", "40"]);
    }
}
