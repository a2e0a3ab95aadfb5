using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>An administrator sees the portal as somebody else, changes nothing, and comes back.</summary>
[Collection(PortalCollection.Name)]
public sealed class ImpersonationTests(Portal portal) : Journey(portal)
{
    // What is refused says so in the console.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Look_AsAnOperator_ReadsAndComesBack(ColorScheme scheme)
    {
        var email = $"looked-at-{scheme.ToString().ToLowerInvariant()}@example.org";
        await Portal.CreatePersonAsync(email, "Operator");
        // A sign-in of its own: the journey replaces its cookie.
        var page = await OpenAsync(null, "/account/login", scheme);
        await new LoginPage(page).SignInAsync(Portal.AdminEmail, Portal.Password);
        await new UsersPage(page).OpenAsync(email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the portal as this person" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Request 4711");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at the portal" }).ClickAsync();

        var banner = page.Locator(".state-banner");
        await Assertions.Expect(banner).ToContainTextAsync($"You see the portal as {UsersPage.NameOf(email)}");
        await page.GotoAsync("/admin/jobs");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(banner).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"looking-{scheme}.png") });
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.GotoAsync("/admin/users");
        await Assertions.Expect(page.GetByText("You may not open this")).ToBeVisibleAsync();
        await page.GotoAsync("/account");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"looking-account-{scheme}.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/admin/users$"));
        await Assertions.Expect(page.Locator(".state-banner")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Users" })).ToBeVisibleAsync();
    }
}
