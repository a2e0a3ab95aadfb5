using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>People arrange their dashboard with mouse and keyboard, keep several, and share one by its link.</summary>
[Collection(PortalCollection.Name)]
public sealed class DashboardTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Edit_AddMoveResizeConfigureRemoveUndo_StaysAfterSigningInAgain()
    {
        var email = $"dash{Guid.NewGuid():N}@example.org";
        await Portal.CreatePersonAsync(email, "Operator");
        var page = await SignInAsync(email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        var tools = page.GetByRole(AriaRole.Toolbar, new() { Name = "Edit the dashboard" });
        await Assertions.Expect(tools).ToBeVisibleAsync();

        // Add.
        await tools.GetByRole(AriaRole.Button, new() { Name = "Add card" }).ClickAsync();
        await page.GetByLabel("Search cards").FillAsync("not read yet");
        await page.Locator("[data-offer='notifications.mine']").GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        await Assertions.Expect(Card(page, "notifications.mine")).ToHaveCountAsync(2);
        await ExpectKeptAsync(page);

        // Move with the keyboard: CPU and memory have the same size and change places.
        var cpu = Card(page, "monitor.cpu");
        await cpu.Locator("[data-move]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await ExpectPlaceAsync(cpu, x: 3);
        await Assertions.Expect(cpu.Locator("[data-move]")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "CPU: column 4" })).ToHaveCountAsync(1);

        // Resize with the keyboard, then put it back with Escape.
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Assertions.Expect(cpu).ToHaveAttributeAsync("style", new Regex("--h:4"));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(cpu).ToHaveAttributeAsync("style", new Regex("--h:3"));

        // Move with the mouse: onto the disk card, three columns to the right.
        await DragAsync(page, cpu.Locator("[data-move]"), Card(page, "monitor.disk").Locator("[data-move]"));
        await ExpectPlaceAsync(cpu, x: 6);
        await ExpectPlaceAsync(Card(page, "monitor.disk"), x: 3);

        // Resize with the mouse: two rows higher.
        var grip = (await cpu.Locator("[data-resize]").BoundingBoxAsync())!;
        await DragAsync(page, grip.X + 10, grip.Y + 10, grip.X + 10, grip.Y + 10 + (2 * 60));
        await Assertions.Expect(cpu).ToHaveAttributeAsync("style", new Regex("--h:5"));

        // Configure.
        await page.GetByRole(AriaRole.Button, new() { Name = "Settings of CPU", Exact = true }).ClickAsync();
        await page.GetByLabel("Time shown").SelectOptionAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(cpu.Locator("[data-live-spark]")).ToHaveAttributeAsync("data-live-spark", new Regex("\"window\":300"));

        // Remove and take back with the keyboard.
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Network" }).ClickAsync();
        await Assertions.Expect(Card(page, "monitor.network")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(Card(page, "monitor.network")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Control+Shift+z");
        await Assertions.Expect(Card(page, "monitor.network")).ToHaveCountAsync(0);
        await ExpectKeptAsync(page);
        await tools.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(tools).ToHaveCountAsync(0);

        var again = await SignInAsync(email);
        await ExpectPlaceAsync(Card(again, "monitor.cpu"), x: 6);
        await Assertions.Expect(Card(again, "monitor.cpu")).ToHaveAttributeAsync("style", new Regex("--h:5"));
        await Assertions.Expect(Card(again, "monitor.network")).ToHaveCountAsync(0);
        await Assertions.Expect(Card(again, "notifications.mine")).ToHaveCountAsync(2);
        await Assertions.Expect(Card(again, "monitor.cpu").Locator("[data-live-spark]")).ToHaveAttributeAsync("data-live-spark", new Regex("\"window\":300"));

        // Somebody else has their own, and the other window of the same person follows a change.
        var other = await OpenAsync("Operator");
        await Assertions.Expect(Card(other, "monitor.network")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Memory" }).ClickAsync();
        await Assertions.Expect(Card(again, "monitor.memory")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Share_ByLink_OthersSeeItReadOnlyWithWhatTheyMay()
    {
        var email = $"dash{Guid.NewGuid():N}@example.org";
        await Portal.CreatePersonAsync(email, "Operator");
        var page = await SignInAsync(email);
        await MenuAsync(page, "New dashboard");
        await page.GetByLabel("Name").FillAsync("Night shift");
        await page.GetByLabel("The default").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Night shift", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Dashboards" }).GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        var link = new Uri(page.Url).PathAndQuery;

        var member = await OpenAsync("Member", link);
        await Assertions.Expect(member.GetByRole(AriaRole.Heading, new() { Name = "This dashboard is not here" })).ToBeVisibleAsync();
        await MenuAsync(page, "Share by link");
        await Assertions.Expect(page.GetByText("Done.", new() { Exact = true })).ToBeVisibleAsync();
        await member.ReloadAsync();
        await Assertions.Expect(member.GetByText("shares this dashboard")).ToBeVisibleAsync();
        await Assertions.Expect(Card(member, "notifications.mine")).ToBeVisibleAsync();
        await Assertions.Expect(Card(member, "monitor.cpu")).ToHaveCountAsync(0);
        await Assertions.Expect(member.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true })).ToHaveCountAsync(0);

        await MenuAsync(page, "Delete");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Delete “Night shift”?");
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(member.GetByRole(AriaRole.Heading, new() { Name = "This dashboard is not here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Narrow_ViewAndEdit_OneColumnWithoutScrollingSideways()
    {
        var page = await OpenAsync("Operator", width: 360);
        await Card(page, "monitor.cpu").WaitForAsync();
        var left = await page.Locator("[data-widget]").EvaluateAllAsync<float[]>("cards => cards.map(card => Math.round(card.getBoundingClientRect().left))");
        left.Distinct().ShouldHaveSingleItem();
        (await Axe.SidewaysAsync(page)).ShouldBe(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Toolbar, new() { Name = "Edit the dashboard" })).ToBeVisibleAsync();
        (await Axe.SidewaysAsync(page)).ShouldBe(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Edit_CheckedWithAxe_HasNothingSerious(ColorScheme scheme)
    {
        var page = await OpenAsync("Administrator", "/?edit=1", scheme);
        await page.GetByRole(AriaRole.Toolbar, new() { Name = "Edit the dashboard" }).WaitForAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add card" }).ClickAsync();
        await page.GetByLabel("Search cards").WaitForAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_OfACardReloadedWhileChosen_ComeBack()
    {
        const string email = "drafter-card@example.org";
        await Portal.CreatePersonAsync(email, "Operator");
        var page = await SignInAsync(email);
        await page.GotoAsync("/?edit=1");
        var opener = page.GetByRole(AriaRole.Button, new() { Name = "Settings of CPU", Exact = true });
        await opener.ClickAsync();
        await page.RunAndWaitForResponseAsync(() => page.GetByLabel("Time shown").SelectOptionAsync("5"),
            response => response.Request.Method == "POST" && response.Url.EndsWith("/drafts", StringComparison.Ordinal));
        await page.ReloadAsync();

        await page.Locator("portal-drafts > .note [data-draft-continue]").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Time shown")).ToHaveValueAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(Card(page, "monitor.cpu").Locator("[data-live-spark]")).ToHaveAttributeAsync("data-live-spark", new Regex("\"window\":300"));
    }

    private static ILocator Card(IPage page, string widget) => page.Locator($"[data-widget='{widget}']");

    private static Task ExpectPlaceAsync(ILocator card, int x) => Assertions.Expect(card).ToHaveAttributeAsync("style", new Regex($"--x:{x};"));

    private static Task ExpectKeptAsync(IPage page) => Assertions.Expect(page.GetByText("All changes are kept")).ToBeVisibleAsync();

    private static async Task MenuAsync(IPage page, string command)
    {
        await page.Locator(".page-head details.menu > summary").ClickAsync();
        await page.Locator(".page-head .popup").GetByRole(AriaRole.Button, new() { Name = command, Exact = true }).ClickAsync();
    }

    private static async Task DragAsync(IPage page, ILocator from, ILocator to)
    {
        var (start, end) = ((await from.BoundingBoxAsync())!, (await to.BoundingBoxAsync())!);
        await DragAsync(page, start.X + (start.Width / 2), start.Y + (start.Height / 2), end.X + (end.Width / 2), end.Y + (end.Height / 2));
    }

    private static async Task DragAsync(IPage page, float fromX, float fromY, float toX, float toY)
    {
        await page.Mouse.MoveAsync(fromX, fromY);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(toX, toY, new() { Steps = 8 });
        await page.Mouse.UpAsync();
    }

    private async Task<IPage> SignInAsync(string email)
    {
        var context = await Portal.Browser.NewContextAsync(new() { BaseURL = Portal.Address.ToString(), Locale = "en-GB", TimezoneId = "Europe/Berlin", ViewportSize = new() { Width = 1366, Height = 1100 } });
        var page = await OpenInAsync(context, "/account/login");
        await new LoginPage(page).FillAsync(email, Portal.Password);
        await Card(page, "dashboard.attention").WaitForAsync();
        return page;
    }
}
