using System.Collections.Concurrent;

namespace BlazorAdmin.E2E;

/// <summary>What is typed and not sent survives a reload, a lost connection and a killed portal; secrets do not.</summary>
[Collection(PortalCollection.Name)]
public sealed class DraftsTests(Portal portal) : Journey(portal)
{
    private const string Secret = "sealed lips at 0713";

    // A cut line fails whatever is on its way.
    protected override bool IsExpected(string problem) =>
        problem.Contains("Blocked script execution in 'about:srcdoc'", StringComparison.Ordinal) || problem.Contains("WebSocket", StringComparison.Ordinal) || problem.Contains("net::ERR_", StringComparison.Ordinal) || problem.Contains("Failed to fetch", StringComparison.Ordinal)
        || problem.Contains("Connection disconnected", StringComparison.Ordinal) || problem.Contains("Failed to start the connection", StringComparison.Ordinal) || problem.Contains("Failed to complete negotiation", StringComparison.Ordinal);

    [Fact]
    public async Task NewUser_ReloadedWhileTyping_ComesBackWithoutThePassword()
    {
        var page = await SignInAsync("drafter-user@example.org", "/admin/users/new");
        var sent = Listen(page);
        await page.RunAndWaitForResponseAsync(async () =>
        {
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Hopper");
            await page.GetByLabel("First password (optional)").FillAsync(Secret);
            await page.GetByLabel("Support", new() { Exact = true }).CheckAsync();
        }, response => response.Request.Method == "POST" && response.Url.EndsWith("/drafts", StringComparison.Ordinal));

        // What nobody has sent yet goes with the page's last words.
        await page.GetByLabel("E-mail").FillAsync("grace@example.org");
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Grace Hopper");
        await Assertions.Expect(page.GetByLabel("E-mail")).ToHaveValueAsync("grace@example.org");
        await Assertions.Expect(page.GetByLabel("Support", new() { Exact = true })).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("First password (optional)")).ToHaveValueAsync("");
        await Assertions.Expect(page.GetByText("Restored what you typed on")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "draft-restored.png") });
        sent.ShouldContain(body => body.Contains("Grace Hopper", StringComparison.Ordinal));
        sent.ShouldNotContain(body => body.Contains(Secret, StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("portal-drafts > .note")).ToHaveCountAsync(0);
        (await page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length")).ShouldBe(0);

        // A second tab has it as well, and what it adds.
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync("/admin/users/new");
        await Assertions.Expect(second.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Grace Hopper");
        await second.CloseAsync();

        // The draft is the form's state, not only its looks: it can be sent.
        await page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await Assertions.Expect(page.GetByText("is created")).ToBeVisibleAsync();
        await page.GotoAsync("/admin/users/new");
        await Drafts.QuietAsync(page);
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("");
    }

    [Fact]
    public async Task NewUser_RefusedThenLeft_IsKept()
    {
        var page = await SignInAsync("drafter-refused@example.org", "/admin/users/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Again");
        await page.GetByLabel("E-mail").FillAsync("drafter-refused@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await Assertions.Expect(page.Locator("main form [role=alert]:visible, main .note.bad").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Roles", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin/roles");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Roles" }).WaitForAsync();
        await page.GotoAsync("/admin/users/new");

        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Grace Again");
    }

    [Fact]
    public async Task TokenDialog_Reloaded_IsOfferedAgainAndCanBeDiscarded()
    {
        var page = await SignInAsync("drafter-token@example.org", "/admin/tokens");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Create token" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("prometheus on mon1");
        await dialog.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await dialog.GetByLabel("Expires").SelectOptionAsync("day");
        await dialog.GetByLabel("Last day").FillAsync("2031-05-04");
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByText("You have not finished “Create token”")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "draft-unfinished.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue with “Create token”" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Name")).ToHaveValueAsync("prometheus on mon1");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Checkbox).First).ToBeCheckedAsync();
        await Assertions.Expect(dialog.GetByLabel("Last day")).ToHaveValueAsync("2031-05-04");
        await Assertions.Expect(page.GetByText("You have not finished")).ToHaveCountAsync(0);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "draft-dialog.png") });

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Name")).ToHaveValueAsync("");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Checkbox).First).Not.ToBeCheckedAsync();

        await dialog.GetByLabel("Name").FillAsync("given up");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Drafts.QuietAsync(page);
        await Assertions.Expect(page.Locator("portal-drafts > .note")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Settings_ReloadedWithPendingChanges_AskForThemAgain()
    {
        var page = await SignInAsync("drafter-settings@example.org", "/admin/system?section=Mail");
        var sent = Listen(page);
        var host = page.Locator("[data-setting='Mail:Smtp:Host'] input, [data-setting='Mail:Host'] input").First;
        await host.FillAsync("smtp.example.org");
        await host.BlurAsync();
        await Assertions.Expect(page.GetByText("1 change", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.Locator(".setting[data-secret] button").First.ClickAsync();
        var secret = page.Locator(".setting input[type=password]").First;
        await secret.FillAsync(Secret);
        await secret.BlurAsync();
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ReloadAsync();

        await Assertions.Expect(host).ToHaveValueAsync("smtp.example.org");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Review" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".setting input[type=password]")).ToHaveCountAsync(0);
        sent.ShouldNotContain(body => body.Contains(Secret, StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Button, new() { Name = "Discard" }).Last.ClickAsync();
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await page.ReloadAsync();
        await Drafts.QuietAsync(page);
        await Assertions.Expect(host).Not.ToHaveValueAsync("smtp.example.org");
    }

    [Fact]
    public async Task Profile_StaticFormLeft_ComesBackUntilSaved()
    {
        var page = await SignInAsync("drafter-profile@example.org", "/account");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Renamed");
        await page.GetByLabel("Density").SelectOptionAsync("Compact");
        await page.GotoAsync("/about");
        await page.GotoAsync("/account");

        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Grace Renamed");
        await Assertions.Expect(page.GetByLabel("Density")).ToHaveValueAsync("Compact");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync("/account");
        await Drafts.QuietAsync(page);
        await Assertions.Expect(page.GetByText("Restored what you typed on")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Template_LineCutWhileTyping_KeepsItAndSaysWhatOthersSaved()
    {
        const string path = "/admin/mail/templates/reports.report?lang=en";
        await Portal.CreatePersonAsync("drafter-mail@example.org", "Administrator");
        await using var line = new Line(Portal.Address);
        var context = await Portal.Browser.NewContextAsync(new() { BaseURL = line.Address.ToString(), Locale = "en-GB" });
        var page = await OpenInAsync(context, "/account/login");
        await new LoginPage(page).SignInAsync("drafter-mail@example.org", Portal.Password);
        await page.GotoAsync(path);
        var subject = page.GetByLabel("Subject");
        var saved = await subject.InputValueAsync();
        await Assertions.Expect(subject).Not.ToHaveValueAsync("");
        await subject.FillAsync("Typed before the cut");
        await line.CutAsync();
        await Assertions.Expect(page.Locator("dialog#reconnect[open]")).ToBeVisibleAsync();
        line.Mend();
        await Assertions.Expect(page.Locator("dialog#reconnect[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByLabel("Subject")).ToHaveValueAsync("Typed before the cut");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Subject")).ToHaveValueAsync("Typed before the cut");
        await Assertions.Expect(page.Locator("portal-draft > .note").GetByText("What is saved has changed since then")).ToBeHiddenAsync();

        // Somebody else saves another subject meanwhile.
        var other = await OpenAsync("Administrator", path);
        await other.GetByLabel("Subject").FillAsync(saved + " (improved)");
        await other.GetByRole(AriaRole.Button, new() { NameRegex = new("^Save version") }).ClickAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Button, new() { NameRegex = new("^Save version") })).ToBeDisabledAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("portal-draft > .note").GetByText("What is saved has changed since then")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Subject")).ToHaveValueAsync("Typed before the cut");
        await page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Subject")).ToHaveValueAsync(saved + " (improved)");
    }

    private async Task<IPage> SignInAsync(string email, string path)
    {
        await Portal.CreatePersonAsync(email, "Administrator");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
        return page;
    }

    /// <summary>Whatever the page sends about drafts.</summary>
    private static ConcurrentBag<string> Listen(IPage page)
    {
        var sent = new ConcurrentBag<string>();
        page.Context.Request += (_, request) =>
        {
            if (request.Url.Contains("/drafts", StringComparison.Ordinal)) sent.Add(request.PostData ?? request.Url);
        };
        return sent;
    }
}
