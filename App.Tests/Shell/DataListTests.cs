using BlazorAdmin.Security;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Shell;

public sealed class DataListTests : IDisposable
{
    private static readonly IReadOnlyList<ListColumn<int>> Columns =
    [
        new("id", "No.") { Value = row => "#" + row, Sortable = true, DescendingFirst = true, Opens = true },
        new("name", "Name") { Value = row => "Row " + row },
        new("size", "Size") { Value = row => row * 10, AtEnd = true, Sortable = true },
        new("owner", "Owner") { Value = _ => "me", Hidden = true },
    ];

    private readonly ShellContext _context = new();
    private readonly List<ListQuery> _asked = [];
    private Func<ListQuery, CancellationToken, Task<ListPage<int>>> _answer = (_, _) => Task.FromResult(Page(1, 2, 3));

    private NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Url_QueryString_IsWhatIsLoaded()
    {
        Navigation.NavigateTo("/jobs?q=pdf&state=failed&sort=-size&item=2");
        var list = Render();
        _asked.Single().ShouldSatisfyAllConditions(
            query => query.Search.ShouldBe("pdf"),
            query => query.Filter("state").ShouldBe("failed"),
            query => query.Sort.ShouldBe("size"),
            query => query.Descending.ShouldBeTrue());
        list.Find("tr.open").TextContent.ShouldContain("Row 2");
        list.Find("portal-drawer .body").TextContent.Trim().ShouldBe("details of 2");
        list.Find("th[aria-sort=descending]").TextContent.ShouldBe("Size");
    }

    [Fact]
    public void Row_Link_KeepsTheQuery()
    {
        Navigation.NavigateTo("/jobs?q=pdf");
        Render().FindAll("a[data-open-row]")[1].GetAttribute("href").ShouldBe("/jobs?q=pdf&item=2");
    }

    [Fact]
    public async Task Sort_Click_GoesIntoTheUrlAndLoads()
    {
        var list = Render();
        await list.InvokeAsync(() => list.FindAll("th .sort")[1].ClickAsync());
        Navigation.Uri.ShouldEndWith("/jobs?sort=size");
        list.WaitForAssertion(() => _asked.Count.ShouldBe(2));
        await list.InvokeAsync(() => list.FindAll("th .sort")[1].ClickAsync());
        Navigation.Uri.ShouldEndWith("/jobs?sort=-size");
    }

    [Fact]
    public void Details_Opening_LoadsNoRows()
    {
        var list = Render();
        Navigation.NavigateTo("/jobs?item=3");
        list.WaitForElement("portal-drawer");
        _asked.Count.ShouldBe(1);
        list.Act(() => list.Find("[data-close]").Click());
        Navigation.Uri.ShouldEndWith("/jobs");
    }

    [Fact]
    public async Task Filter_Pill_IsPressedAndLoads()
    {
        var list = Render();
        await list.InvokeAsync(() => list.FindAll(".pill")[1].ClickAsync());
        Navigation.Uri.ShouldEndWith("/jobs?state=failed");
        list.WaitForAssertion(() => list.FindAll(".pill")[1].GetAttribute("aria-pressed").ShouldBe("true"));
    }

    [Fact]
    public async Task Search_Typing_WaitsForAPauseAndReplaces()
    {
        var list = Render();
        var first = list.InvokeAsync(() => list.Find("input[type=search]").InputAsync("a"));
        await list.InvokeAsync(() => list.Find("input[type=search]").InputAsync("ab"));
        await first;
        list.WaitForAssertion(() => Navigation.Uri.ShouldEndWith("/jobs?q=ab"));
        _asked.Select(query => query.Search).ShouldBe(["", "ab"]);
    }

    [Fact]
    public async Task Load_Newer_CancelsTheEarlier()
    {
        var first = new TaskCompletionSource<ListPage<int>>();
        CancellationToken earlier = default;
        var list = Render();
        _answer = (query, token) =>
        {
            if (query.Search != "one") return Task.FromResult(Page(9));
            earlier = token;
            return first.Task.WaitAsync(token);
        };
        await list.InvokeAsync(() => Navigation.NavigateTo("/jobs?q=one"));
        await list.InvokeAsync(() => Navigation.NavigateTo("/jobs?q=two"));
        list.WaitForAssertion(() => list.Find("tbody").TextContent.ShouldContain("Row 9"));
        earlier.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Load_Nothing_TellsEmptyFromFiltered()
    {
        _answer = (_, _) => Task.FromResult(Page());
        Render().Instance.State.ShouldBe(ViewState.Empty);
        Navigation.NavigateTo("/jobs?q=zzz");
        var list = Render();
        list.Instance.State.ShouldBe(ViewState.EmptyFiltered);
        list.Act(() => list.Find(".state button").Click());
        Navigation.Uri.ShouldEndWith("/jobs");
    }

    [Fact]
    public async Task Load_Fails_ShowsReferenceAndRetries()
    {
        _answer = (_, _) => throw new InvalidOperationException("boom");
        var list = Render();
        list.Find("[role=alert] code").TextContent.Length.ShouldBe(9);
        list.Markup.ShouldNotContain("boom");
        _answer = (_, _) => Task.FromResult(Page(1));
        await list.InvokeAsync(() => list.Find("[role=alert] button").ClickAsync());
        list.WaitForAssertion(() => list.Instance.State.ShouldBe(ViewState.Ready));
    }

    [Fact]
    public void Load_Refused_ShowsForbidden()
    {
        _answer = (_, _) => throw new ForbiddenException("jobs.read");
        Render().Instance.State.ShouldBe(ViewState.Forbidden);
    }

    [Fact]
    public async Task Reload_WhileSomebodyWorksInIt_AnnouncesInsteadOfJumping()
    {
        var list = Render();
        await list.Find("table").TriggerEventAsync("onmouseenter", new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        _answer = (query, _) => Task.FromResult(query.Anchor is null ? Page(12, 11, 10) : Page(1, 2, 3) with { PendingNew = new ListTotal(12) });
        await list.InvokeAsync(list.Instance.ReloadAsync);
        list.Instance.Rows.ShouldBe([1, 2, 3]);
        list.Find(".list-news button").TextContent.ShouldBe("12 new rows, show them");
        await list.InvokeAsync(() => list.Find(".list-news button").ClickAsync());
        list.Instance.Rows.ShouldBe([12, 11, 10]);
        list.FindAll(".list-news").ShouldBeEmpty();
    }

    [Fact]
    public async Task Reload_NobodyInIt_ShowsNewRowsAtOnce()
    {
        var list = Render();
        _answer = (query, _) => Task.FromResult(query.Anchor is null ? Page(4, 1, 2) : Page(1, 2, 3));
        await list.InvokeAsync(list.Instance.ReloadAsync);
        list.Instance.Rows.ShouldBe([4, 1, 2]);
    }

    [Fact]
    public async Task Reload_WhileTheFirstRowsAreOnTheirWay_ReadsThemOnceMore()
    {
        var first = new TaskCompletionSource<ListPage<int>>();
        _answer = (_, _) => first.Task;
        var list = Render();
        await list.InvokeAsync(list.Instance.ReloadAsync);
        _asked.Count.ShouldBe(1);

        _answer = (_, _) => Task.FromResult(Page(4, 1, 2));
        // What was read before the change that the list was told of.
        first.SetResult(Page(1, 2, 3));

        list.WaitForAssertion(() => list.Instance.Rows.ShouldBe([4, 1, 2]));
        _asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pick_ShiftClick_PicksTheRange()
    {
        _answer = (_, _) => Task.FromResult(Page(1, 2, 3, 4, 5));
        var list = Render();
        await list.InvokeAsync(() => Box(list, 1).ClickAsync());
        await list.InvokeAsync(() => Box(list, 3).ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs { ShiftKey = true }));
        list.Find(".list-bulk").TextContent.ShouldContain("3 selected");
        list.Find(".list-bulk .button").TextContent.ShouldBe("Retry 3");
    }

    [Fact]
    public async Task Pick_WholePage_OffersAllThatMatch()
    {
        _answer = (_, _) => Task.FromResult(Page(1, 2) with { Next = "n", Total = new ListTotal(10_000, More: true) });
        var list = Render();
        await list.InvokeAsync(() => list.Find("thead input").ClickAsync());
        await list.InvokeAsync(() => list.Find(".list-bulk .link").ClickAsync());
        list.Find(".list-bulk strong").TextContent.ShouldBe("10,000+ selected");
        await list.InvokeAsync(() => Box(list, 0).ClickAsync());
        list.Find(".list-bulk strong").TextContent.ShouldBe("1 selected");
    }

    [Fact]
    public async Task Columns_Choice_GoesIntoTheUrl()
    {
        var list = Render();
        list.FindAll("th[scope=col]").Count.ShouldBe(4);
        await list.InvokeAsync(() => list.FindAll(".menu .popup input")[3].ChangeAsync(true));
        Navigation.Uri.ShouldEndWith("/jobs?cols=id,name,size,owner");
        list.WaitForAssertion(() => list.FindAll("th[scope=col]").Count.ShouldBe(5));
    }

    [Fact]
    public void Export_Link_CarriesFiltersOnly()
    {
        Navigation.NavigateTo("/jobs?q=a&at=xyz&item=2");
        Render().Find("a[download]").GetAttribute("href").ShouldBe("/export/jobs?format=csv&q=a");
    }

    [Fact]
    public async Task SearchOn_BackwardsWithoutRows_StaysAndGoesOnBackwards()
    {
        Navigation.NavigateTo("/jobs?at=p2");
        _answer = (query, _) => Task.FromResult(query.Cursor == "p2" ? Page() with { Next = "n2", Previous = "p1", SearchOn = "p1" } : Page(1));
        var list = Render();
        _asked.ShouldHaveSingleItem().Cursor.ShouldBe("p2");

        await list.InvokeAsync(() => list.Find(".list-news button").ClickAsync());

        list.WaitForAssertion(() => _asked[^1].Cursor.ShouldBe("p1"));
    }

    [Fact]
    public async Task Dispose_List_LeavesNoSubscriber()
    {
        Render();
        await _context.DisposeComponentsAsync();
        Navigation.NavigateTo("/jobs?q=later");
        _asked.Count.ShouldBe(1);
    }

    private IRenderedComponent<DataList<int>> Render()
    {
        if (!Navigation.Uri.Contains("/jobs", StringComparison.Ordinal)) Navigation.NavigateTo("/jobs");
        return _context.Render<DataList<int>>(p => p
            .Add(list => list.Name, "Jobs")
            .Add(list => list.Columns, Columns)
            .Add(list => list.RowId, row => row.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Add(list => list.SearchLabel, "Search jobs")
            .Add(list => list.ExportUrl, "/export/jobs")
            .Add(list => list.Filters, [new ListFilter("state", "State", [new("failed", "Failed", new ListTotal(2))]) { Pills = true }])
            .Add(list => list.Details, (string id) => $"<p>details of {id}</p>")
            .Add(list => list.Bulk, (ListSelection selection) => $"<button class=button>Retry {selection.Count.Count}</button>")
            .Add(list => list.Load, (query, token) =>
            {
                _asked.Add(query);
                return _answer(query, token);
            }));
    }

    private static AngleSharp.Dom.IElement Box(IRenderedComponent<DataList<int>> list, int row) => list.FindAll("td.pick input")[row];

    private static ListPage<int> Page(params int[] rows) => new(rows) { First = "first" };
}
