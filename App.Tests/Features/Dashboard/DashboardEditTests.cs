using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class DashboardEditTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly DashboardContext _context = new(database.ConnectionString);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _context.Page.DisposeComponentsAsync();
        _context.Listeners.ShouldBe(0);
        await _context.DisposeAsync();
    }

    [Fact]
    public async Task View_HasNothingOfTheEditor()
    {
        var page = _context.Open();
        await Eventually.Holds(() => Cards(page).Length == 3);
        page.FindAll("[data-move], [data-resize], [data-drop], [role=toolbar]").ShouldBeEmpty();
        _context.Page.JSInterop.Invocations.ShouldNotContain(call => call.Identifier == "import");
        page.Find("[data-widget=c]").TextContent.ShouldContain("rows 6, failures false, range 1");
    }

    [Fact]
    public async Task Keyboard_ArrowsShiftEnterEscape_MoveResizeKeepAndPutBack()
    {
        var page = await _context.EditAsync();
        await KeyAsync(page, "a", "ArrowRight");
        await SaidAsync(page, "Name: column 5, row 1.");
        await KeyAsync(page, "a", "ArrowRight", shift: true);
        await SaidAsync(page, "Name: 5 columns wide, 3 rows high.");
        await KeyAsync(page, "a", "Enter");
        await SaidAsync(page, "Name stays here.");
        await KeyAsync(page, "a", "ArrowLeft");
        await KeyAsync(page, "a", "Escape");
        await SaidAsync(page, "Name is back where it was.");

        await KeptAsync(page);
        (await _context.KeptAsync()).Single(item => item.Widget == "a").Place.ShouldBe(new GridPlace(4, 0, 5, 3));
        page.Find("[data-widget=a]").GetAttribute("style")!.ShouldContain("--x:4;--y:0;--w:5;--h:3");
    }

    [Fact]
    public async Task Remove_UndoRedo_GoesBackAndForth()
    {
        var page = await _context.EditAsync();
        page.Find("[data-undo]").HasAttribute("disabled").ShouldBeTrue();
        await ClickAsync(page, "Remove Roles");
        await Eventually.Holds(() => Cards(page).SequenceEqual(["a", "c"]));
        await KeptAsync(page);
        (await _context.KeptAsync()).Select(item => item.Widget).ShouldBe(["a", "c"]);
        await page.ClickOnAsync(p => p.Find("[data-undo]"));
        await Eventually.Holds(() => Cards(page).Length == 3);
        await page.ClickOnAsync(p => p.Find("[data-redo]"));
        await Eventually.Holds(() => Cards(page).Length == 2);
        await page.ClickOnAsync(p => p.Find("[data-undo]"));
        await KeptAsync(page);
        (await _context.KeptAsync()).Count.ShouldBe(3);
        _context.Page.JSInterop.Invocations.ShouldContain(call => call.Identifier == "portal.focus");
    }

    [Fact]
    public async Task Gallery_SearchAndAdd_OffersOnlyWhatThePersonMayHave()
    {
        var page = await _context.EditAsync();
        await page.ClickOnAsync(p => p.Find("[data-add]"));
        page.FindAll("[data-offer]").Select(offer => offer.GetAttribute("data-offer")).ShouldBe(["c", "a", "b"]);
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("checked every"));
        page.FindAll("[data-offer]").Select(offer => offer.GetAttribute("data-offer")).ShouldBe(["c"]);
        await ClickAsync(page, "Add Copy");
        await Eventually.Holds(() => Cards(page).Count(card => card == "c") == 2);
        page.Find("[data-offer=c] .chip").TextContent.ShouldBe("2 here");
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("no such thing"));
        page.Find("dialog .content").TextContent.ShouldContain("No card is called “no such thing”.");
        await KeptAsync(page);
        (await _context.KeptAsync()).Select(item => item.Key).ShouldBeUnique();
    }

    [Fact]
    public async Task Configure_BadInput_IsNamedAndNotKept()
    {
        var page = await _context.EditAsync();
        await ClickAsync(page, "Settings of Copy");
        var rows = () => page.Find("dialog input[inputmode=numeric]");
        await page.InvokeAsync(() => rows().ChangeAsync(new ChangeEventArgs { Value = "99" }));
        page.Find("dialog [role=alert]").TextContent.ShouldBe("Reset to default: a whole number from 3 to 20.");
        rows().GetAttribute("aria-invalid").ShouldBe("true");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.FindAll("dialog").Count.ShouldBe(1);

        await page.InvokeAsync(() => rows().ChangeAsync(new ChangeEventArgs { Value = "12" }));
        await page.InvokeAsync(() => page.Find("dialog select").ChangeAsync(new ChangeEventArgs { Value = "5" }));
        await page.InvokeAsync(() => page.Find("dialog input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = true }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        await Eventually.Holds(() => page.FindAll("dialog").Count == 0);
        page.Find("[data-widget=c]").TextContent.ShouldContain("rows 12, failures true, range 5");
        await KeptAsync(page);
        (await _context.KeptAsync()).Single(item => item.Widget == "c").Settings!.ShouldBe(new Dictionary<string, string> { ["rows"] = "12", ["failures"] = "true", ["range"] = "5" }, ignoreOrder: true);
    }

    [Fact]
    public async Task Mouse_PlaceFromTheBrowser_OthersMakeRoom()
    {
        var page = await _context.EditAsync();
        var surface = page.FindComponent<EditSurface>();
        var key = page.Find("[data-widget=a]").GetAttribute("data-key")!;
        await page.InvokeAsync(() => surface.Instance.Moved(key, 4, 0));
        await page.InvokeAsync(() => surface.Instance.Resized(key, 8, 5));
        await KeptAsync(page);
        var kept = await _context.KeptAsync();
        kept.Single(item => item.Widget == "a").Place.ShouldBe(new GridPlace(4, 0, 8, 5));
        kept.Single(item => item.Widget == "b").Place.ShouldBe(new GridPlace(0, 0, 4, 3));
        kept.Single(item => item.Widget == "c").Place.ShouldBe(new GridPlace(8, 5, 4, 3));
        await page.InvokeAsync(() => surface.Instance.Moved("no such card", 1, 1));
    }

    [Fact]
    public async Task Conflict_AnotherWindowChanged_IsSaidAndCanBeLoaded()
    {
        var mine = (await _context.Elsewhere.OpenAsync(null)).Layout;
        var board = await _context.Elsewhere.SaveAsync(null, 0, mine);
        var page = await _context.EditAsync();
        await _context.Elsewhere.SaveAsync(board.Id, 1, new BoardLayout([mine.Items[0]]));

        await Eventually.Holds(() => page.FindAll("[role=alert]").Any(alert => alert.TextContent.Contains("Another page has changed this dashboard")));
        await KeyAsync(page, "a", "ArrowRight");
        (await _context.KeptAsync()).Count.ShouldBe(1);
        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent == "Load the other change"));
        await Eventually.Holds(() => Cards(page).SequenceEqual(["a"]) && page.FindAll("[data-undo]").Count == 1);
        await KeyAsync(page, "a", "ArrowRight");
        await KeptAsync(page);
        (await _context.KeptAsync()).Single().Place.X.ShouldBe(1);
    }

    [Fact]
    public async Task View_AnotherWindowChanges_Follows()
    {
        var page = _context.Open();
        await Eventually.Holds(() => Cards(page).Length == 3);
        var board = await _context.Elsewhere.SaveAsync(null, 0, new BoardLayout([new("1", "b", new(0, 0, 4, 3))]));
        await Eventually.Holds(() => Cards(page).SequenceEqual(["b"]));
        await _context.Elsewhere.DeleteAsync(board.Id);
        await Eventually.Holds(() => Cards(page).Length == 3);
    }

    [Fact]
    public async Task Cancel_OnTheDefault_LeavesNoBoardBehind()
    {
        var page = await _context.EditAsync();
        await ClickAsync(page, "Remove Roles");
        await KeptAsync(page);
        await page.ClickOnAsync(p => p.FindAll("[role=toolbar] button").Single(b => b.TextContent == "Cancel"));
        await Eventually.Holds(() => page.FindAll("[role=toolbar]").Count == 0 && Cards(page).Length == 3);
        (await _context.Elsewhere.OpenAsync(null)).Kind.ShouldBe(BoardKind.BuiltIn);
        _context.Page.Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/");
    }

    [Fact]
    public async Task Reset_ChangedBoard_IsTheDefaultAgainAndCanBeUndone()
    {
        await _context.Elsewhere.SaveAsync(null, 0, new BoardLayout([new("9", "b", new(0, 0, 4, 3)), new("1", "secret", new(4, 0, 4, 3))]));
        var page = await _context.EditAsync();
        await page.ClickOnAsync(p => p.FindAll("[role=toolbar] button").Single(b => b.TextContent == "Reset to default"));
        await Eventually.Holds(() => Cards(page).SequenceEqual(["a", "b", "c"]));
        await KeptAsync(page);
        (await _context.Elsewhere.OpenAsync(null)).LeftOut.Single().Widget.ShouldBe("secret");
        await page.ClickOnAsync(p => p.Find("[data-undo]"));
        await Eventually.Holds(() => Cards(page).SequenceEqual(["b"]));
    }

    [Fact]
    public async Task Open_SharedByAnother_IsReadOnlyAndCanBeCopied()
    {
        await using var other = new DashboardContext(database.ConnectionString);
        var board = await other.Elsewhere.SaveAsync(null, 0, new BoardLayout([new("1", "a", new(0, 0, 4, 3)), new("2", "secret", new(4, 0, 4, 3))]));
        var closed = _context.Open($"/?board={board.Id}");
        await Eventually.Holds(() => closed.Markup.Contains("This dashboard is not here", StringComparison.Ordinal));
        await other.Elsewhere.ShareAsync(board.Id, true);

        var page = _context.Open($"/?board={board.Id}&edit=1");
        await Eventually.Holds(() => Cards(page).SequenceEqual(["a"]));
        page.Markup.ShouldContain("shares this dashboard");
        page.FindAll("[role=toolbar], a[href*='edit=1']").ShouldBeEmpty();
        await page.InvokeAsync(() => page.Find("details.menu").TriggerEvent("ontoggle", EventArgs.Empty));
        page.FindAll(".popup button").Select(b => b.TextContent).ShouldBe(["New dashboard", "Copy to mine"]);
        await page.ClickOnAsync(p => p.FindAll(".popup button").Single(b => b.TextContent == "Copy to mine"));
        await page.InvokeAsync(() => page.Find("dialog input").InputAsync(""));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await Eventually.Holds(() => page.Find("dialog [role=alert]").TextContent == "Give it a name.");
        await page.InvokeAsync(() => page.Find("dialog input").InputAsync("Mine now"));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await Eventually.Holds(async () => (await _context.Elsewhere.OpenAsync(null)).Boards.Any(b => b.Name == "Mine now"));
    }

    [Fact]
    public async Task Open_UnreadableLayout_ShowsTheDefaultWithANotice()
    {
        await _context.Elsewhere.SaveAsync(null, 0, BoardLayout.Empty);
        await _context.ChangeRowsAsync(rows => rows.ExecuteUpdateAsync(set => set.SetProperty(b => b.Layout, "nonsense")));
        var page = _context.Open();
        await Eventually.Holds(() => Cards(page).Length == 3);
        page.Find("[role=alert]").TextContent.ShouldContain("could not be read");
    }

    [Fact]
    public async Task Delete_FromTheMenu_AsksByName()
    {
        await _context.Elsewhere.CreateAsync("Night shift", BoardStart.Empty);
        var id = (await _context.Elsewhere.OpenAsync(null)).Boards.Single(b => b.Name == "Night shift").Id;
        var page = _context.Open($"/?board={id}");
        await Eventually.Holds(() => page.FindAll("nav.tabs a").Count == 2);
        page.Find("nav.tabs a[aria-current=page]").TextContent.ShouldBe("Night shift");
        await page.InvokeAsync(() => page.Find("details.menu").TriggerEvent("ontoggle", EventArgs.Empty));
        // The click ends with the answer.
        var clicking = page.ClickOnAsync(p => p.FindAll(".popup button").Single(b => b.TextContent == "Delete"));
        var questions = _context.Page.Services.GetRequiredService<Confirmations>();
        await Eventually.Holds(() => questions.Open is not null);
        questions.Open!.Title.ShouldBe("Delete “Night shift”?");
        await page.InvokeAsync(() => questions.Answer(true));
        await clicking;
        await Eventually.Holds(async () => (await _context.Elsewhere.OpenAsync(null)).Boards.Count == 1);
    }

    [Fact]
    public async Task RoleDefaults_FromTheMenu_SavedAndTakenBackAfterAQuestion()
    {
        await using var ada = new DashboardContext(database.ConnectionString, UsersPermissions.RolesManage);
        var role = $"Night {Guid.NewGuid():N}";
        await ada.AddRoleAsync(role);
        var page = ada.Open();
        await Eventually.Holds(() => Cards(page).Length == 3);
        await page.InvokeAsync(() => page.Find("details.menu").TriggerEvent("ontoggle", EventArgs.Empty));
        await Eventually.Holds(() => page.FindAll(".popup button").Any(b => b.TextContent == "Default of a role"));
        await page.ClickOnAsync(p => p.FindAll(".popup button").Single(b => b.TextContent == "Default of a role"));
        await Eventually.Holds(() => page.FindAll("button").Any(b => b.GetAttribute("aria-label") == $"Use this dashboard for {role}"));
        await ClickAsync(page, $"Use this dashboard for {role}");
        await Eventually.Holds(() => page.FindAll("button").Any(b => b.GetAttribute("aria-label") == $"Take the default of {role} back"));
        var clicking = ClickAsync(page, $"Take the default of {role} back");
        var questions = ada.Page.Services.GetRequiredService<Confirmations>();
        await Eventually.Holds(() => questions.Open is not null);
        questions.Open!.Title.ShouldBe($"Take the default of {role} back?");
        await page.InvokeAsync(() => questions.Answer(true));
        await clicking;
        (await ada.Page.Services.GetRequiredService<RoleDashboards>().ListAsync()).Single(r => r.Name == role).HasDefault.ShouldBeFalse();
    }

    private static string[] Cards(IRenderedComponent<DashboardPage> page) => [.. page.FindAll("[data-widget]").Select(card => card.GetAttribute("data-widget")!)];

    private static Task KeyAsync(IRenderedComponent<DashboardPage> page, string widget, string key, bool shift = false) =>
        page.InvokeAsync(() => page.Find($"[data-widget={widget}] [data-move]").KeyDownAsync(new KeyboardEventArgs { Key = key, ShiftKey = shift }));

    private static Task SaidAsync(IRenderedComponent<DashboardPage> page, string text) => Eventually.Holds(() => page.Find("[role=status]").TextContent == text, because: text);

    private static Task KeptAsync(IRenderedComponent<DashboardPage> page) => Eventually.Holds(() => page.Find(".state-of-edit").TextContent == "All changes are kept");

    private static Task ClickAsync(IRenderedComponent<DashboardPage> page, string name) =>
        page.ClickOnAsync(p => p.FindAll("button").Single(button => button.GetAttribute("aria-label") == name));
}
