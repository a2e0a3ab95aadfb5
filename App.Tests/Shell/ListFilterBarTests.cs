using BlazorAdmin.Shell.Lists;
using Bunit;

namespace BlazorAdmin.Tests.Shell;

/// <summary>What somebody types into the search of a list is theirs until another search comes from elsewhere.</summary>
public sealed class ListFilterBarTests : IDisposable
{
    private readonly ShellContext _context = new();
    private readonly List<string> _searches = [];

    [Fact]
    public async Task Typing_WhileTheListIsDrawnAgain_KeepsTheLetters()
    {
        var bar = Render("sun");
        var typing = bar.Find("input[type=search]").InputAsync("");
        Redraw(bar, "sun");
        Text(bar).ShouldBe("");
        await typing;
        _searches.ShouldBe([""]);
    }

    [Fact]
    public void Search_FromElsewhere_ReplacesWhatIsThere()
    {
        var bar = Render("sun");
        Redraw(bar, "moon");
        Text(bar).ShouldBe("moon");
        _searches.ShouldBeEmpty();
    }

    public void Dispose() => _context.Dispose();

    private static string? Text(IRenderedComponent<ListFilterBar> bar) => bar.Find("input[type=search]").GetAttribute("value");

    private static void Redraw(IRenderedComponent<ListFilterBar> bar, string search) => bar.Render(p => p.Add(b => b.Search, search));

    private IRenderedComponent<ListFilterBar> Render(string search) => _context.Render<ListFilterBar>(p => p
        .Add(b => b.Name, "Jobs")
        .Add(b => b.Query, new ListQuery())
        .Add(b => b.Search, search)
        .Add(b => b.Filters, [])
        .Add(b => b.SearchLabel, "Search jobs")
        .Add(b => b.OnSearch, _searches.Add));
}
