namespace BlazorAdmin.E2E;

/// <summary>The portal is killed while people type; it comes back, and so does what they typed.</summary>
public sealed class DraftsRestartTests : IAsyncLifetime
{
    private readonly string _data = Places.NewDataDirectory();
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await Portal.LaunchAsync(_playwright);
    }

    [Fact]
    public async Task Kill_WhileTyping_EveryFormHasItsTextAgain()
    {
        var url = $"http://127.0.0.1:{RestartTests.FreePort()}";
        var settings = new Dictionary<string, string?> { ["Bootstrap__AdminEmail"] = Portal.AdminEmail, ["Bootstrap__AdminPassword"] = Portal.Password };
        await using var first = await PortalProcess.StartAsync(_data, settings, url);
        await using var context = await _browser.NewContextAsync(new() { BaseURL = url, Locale = "en-GB" });
        context.SetDefaultTimeout(30_000);
        var person = await context.NewPageAsync();
        await new LoginPage(person).SignInAsync(Portal.AdminEmail, Portal.Password);
        var (schedule, message, role, profile) = (await context.NewPageAsync(), await context.NewPageAsync(), await context.NewPageAsync(), await context.NewPageAsync());
        await schedule.GotoAsync("/admin/schedules");
        await message.GotoAsync("/notifications");
        await role.GotoAsync("/admin/roles");
        await profile.GotoAsync("/account");
        await person.GotoAsync("/admin/users/new");

        await schedule.GetByRole(AriaRole.Button, new() { Name = "New schedule" }).ClickAsync();
        await schedule.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync("nightly-cleaning");
        await schedule.GetByRole(AriaRole.Dialog).GetByLabel("Arguments").FillAsync("{ \"days\": 7 }");
        await message.GetByText("Write a message").ClickAsync();
        await message.GetByLabel("Title").FillAsync("Maintenance on Sunday");
        await message.GetByLabel("Text").FillAsync("From eight to nine.\nNothing is lost.");
        await role.GetByRole(AriaRole.Button, new() { Name = "New role" }).ClickAsync();
        await role.GetByLabel("Name", new() { Exact = true }).FillAsync("Night shift");
        await role.GetByLabel("jobs.read", new() { Exact = true }).CheckAsync();
        await profile.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada Typing");
        await person.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Hopper");
        await first.KillAsync();
        await Assertions.Expect(person.Locator("dialog#reconnect[open]")).ToBeVisibleAsync();

        await using var second = await PortalProcess.StartAsync(_data, settings, url);

        // Pages with a circuit come back by themselves; what had not been sent when the portal died was sent before.
        foreach (var page in new[] { person, schedule, message, role }) await Assertions.Expect(page.Locator("dialog#reconnect[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(person.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Grace Hopper");
        await Assertions.Expect(message.GetByLabel("Title")).ToHaveValueAsync("Maintenance on Sunday");
        await Assertions.Expect(message.GetByLabel("Text")).ToHaveValueAsync("From eight to nine.\nNothing is lost.");
        await schedule.GetByRole(AriaRole.Button, new() { Name = "Continue with “New schedule”" }).ClickAsync();
        await Assertions.Expect(schedule.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("nightly-cleaning");
        await Assertions.Expect(schedule.GetByRole(AriaRole.Dialog).GetByLabel("Arguments")).ToHaveValueAsync("{ \"days\": 7 }");
        await role.GetByRole(AriaRole.Button, new() { Name = "Continue with “New role”" }).ClickAsync();
        await Assertions.Expect(role.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Night shift");
        await Assertions.Expect(role.GetByLabel("jobs.read", new() { Exact = true })).ToBeCheckedAsync();
        await profile.ReloadAsync();
        await Assertions.Expect(profile.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Ada Typing");
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        Places.DeleteDataDirectory(_data);
    }
}
