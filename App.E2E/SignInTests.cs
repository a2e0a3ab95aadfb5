using System.Net;

namespace BlazorAdmin.E2E;

/// <summary>Who gets in, what each role sees, and how fast a change reaches open pages.</summary>
[Collection(PortalCollection.Name)]
public sealed class SignInTests(Portal portal) : Journey(portal)
{
    protected override bool IsExpected(string problem) => problem.Contains("40", StringComparison.Ordinal) || problem.Contains("WebSocket", StringComparison.Ordinal) || problem.Contains("connection", StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task SignIn_Anonymous_LeadsToLoginAndBackToThePage()
    {
        var page = await OpenAsync(null, "/admin/audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await new LoginPage(page).FillAsync(Portal.AdminEmail, "not the password at all");
        await Assertions.Expect(page.GetByText("E-mail or password is wrong.")).ToBeVisibleAsync();

        await new LoginPage(page).FillAsync(Portal.AdminEmail, Portal.Password);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Audit", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/admin/audit"));
    }

    [Theory]
    [InlineData("Member", "/", "/documents", "/notifications")]
    [InlineData("Support", "/", "/documents", "/notifications", "/admin/users")]
    [InlineData("Editor", "/", "/documents", "/notifications", "/admin/documents")]
    [InlineData("Operator", "/", "/documents", "/notifications", "/admin/jobs", "/admin/monitor")]
    [InlineData("Auditor", "/", "/documents", "/notifications", "/admin/documents", "/admin/jobs", "/admin/monitor", "/admin/users", "/admin/roles", "/admin/audit")]
    public async Task Pages_Role_OpensItsOwnAndIsRefusedTheOthers(string role, params string[] allowed)
    {
        string[] all = ["/", "/documents", "/notifications", "/admin/documents", "/admin/jobs", "/admin/monitor", "/admin/users", "/admin/roles", "/admin/audit", "/admin/users/new"];
        var page = await OpenAsync(role);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        foreach (var path in all)
        {
            var response = await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
            var heading = await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.TextContentAsync();
            var refused = response!.Status == (int)HttpStatusCode.Forbidden || heading!.Contains("may not", StringComparison.Ordinal);
            refused.ShouldBe(!allowed.Contains(path), $"{role} on {path}: {heading}");
        }
    }

    [Fact]
    public async Task SignOut_CookieReplayed_IsDeadAndOtherTabCloses()
    {
        await Portal.CreatePersonAsync("leaver@example.org", "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync("leaver@example.org", Portal.Password);
        var copied = await page.Context.CookiesAsync();
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/documents");
        await Assertions.Expect(other.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        await page.Locator("summary.avatar").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();

        await Assertions.Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Portal.Address };
        foreach (var path in new[] { "/", "/documents", "/notifications" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Cookie", string.Join("; ", copied.Select(c => $"{c.Name}={c.Value}")));
            using var response = await client.SendAsync(request);
            response.StatusCode.ShouldBeOneOf(HttpStatusCode.Redirect, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task RoleChange_PageIsOpen_NavigationFollowsAndRefusalToo()
    {
        await Portal.CreatePersonAsync("climber@example.org", "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync("climber@example.org", Portal.Password);
        var jobs = page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Jobs" });
        await Assertions.Expect(jobs).ToHaveCountAsync(0);

        var admin = await OpenAsync("Administrator", "/admin/users");
        await new UsersPage(admin).OpenAsync("climber@example.org");
        await admin.GetByLabel("Operator", new() { Exact = true }).CheckAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Save roles" }).ClickAsync();
        await Assertions.Expect(jobs).ToBeVisibleAsync();
        await jobs.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Jobs", Level = 1 })).ToBeVisibleAsync();

        await admin.GetByLabel("Operator", new() { Exact = true }).UncheckAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Save roles" }).ClickAsync();
        await Assertions.Expect(page.GetByText("may not").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Deactivation_PageIsOpen_LeadsToLoginWithReason()
    {
        await Portal.CreatePersonAsync("closed@example.org", "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync("closed@example.org", Portal.Password);

        var admin = await OpenAsync("Administrator", "/admin/users");
        await new UsersPage(admin).OpenAsync("closed@example.org");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Close account" }).ClickAsync();
        await admin.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Close account" }).ClickAsync();

        await Assertions.Expect(page.GetByText("This account is closed.")).ToBeVisibleAsync();
    }
}
