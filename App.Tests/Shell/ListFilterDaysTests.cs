using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Shell;

public sealed class ListFilterDaysTests : IDisposable
{
    private static readonly ListFilter[] Filters = [new("from", "From", []) { Day = RangeEnd.From }, new("to", "To", []) { Day = RangeEnd.To }];

    private readonly ShellContext _context = new();
    private readonly List<(string Key, string Value)> _set = [];

    public ListFilterDaysTests() => _context.Services.GetRequiredService<Display>().UseZone("Europe/Berlin").ShouldBeTrue();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Pick_Days_SetsTheInstantsOfThePersonsCalendar()
    {
        var bar = Render(new ListQuery());

        foreach (var (field, day) in new[] { (0, "2026-03-29"), (1, "2026-03-29"), (1, "") })
            await bar.InvokeAsync(() => bar.FindAll("input[type=date]")[field].ChangeAsync(new() { Value = day }));

        // The day on which summer time begins: 23 hours.
        _set.ShouldBe([("from", "2026-03-28T23:00Z"), ("to", "2026-03-29T22:00Z"), ("to", "")]);
    }

    [Fact]
    public void Render_Range_ShowsItsDaysAndNoProblem()
    {
        var bar = Render(new ListQuery().WithFilter("from", "2026-03-28T23:00Z").WithFilter("to", "2026-03-29T22:00Z"));

        bar.FindAll("input[type=date]").Select(field => field.GetAttribute("value")).ShouldBe(["2026-03-29", "2026-03-29"]);
        bar.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-05-02T22:00Z", "2026-05-01T22:00Z", "to", "“To” is before “From”. Choose a later day for “To”.")]
    [InlineData("yesterday", "2026-05-01T22:00Z", "from", "“From” is no date. Choose a day or empty the field.")]
    public void Render_RangeThatCannotBe_NamesTheField(string from, string to, string field, string expected)
    {
        var bar = Render(new ListQuery().WithFilter("from", from).WithFilter("to", to));

        var problem = bar.Find("[role=alert]");
        problem.TextContent.ShouldBe(expected);
        bar.FindAll("input[type=date]")[field == "from" ? 0 : 1].GetAttribute("aria-describedby").ShouldBe(problem.Id);
        bar.FindAll("[aria-invalid]").Count.ShouldBe(1);
    }

    private IRenderedComponent<ListFilterBar> Render(ListQuery query) =>
        _context.Render<ListFilterBar>(p => p.Add(b => b.Name, "Audit").Add(b => b.Query, query).Add(b => b.Search, query.Search).Add(b => b.Filters, Filters).Add(b => b.OnFilter, _set.Add));
}
