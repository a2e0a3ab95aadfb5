using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Tests.Features.Mail;

namespace BlazorAdmin.E2E;

/// <summary>Invitation, forgotten password and change of address, each clicked through from the link in the mail that a real server received.</summary>
[Collection(PortalCollection.Name)]
public sealed partial class AccountMailTests(Portal portal) : Journey(portal)
{
    [MailServerFact]
    public async Task Invited_Forgetful_AndMoved_EachByTheMailedLink()
    {
        await using var mails = await TestMailServer.StartAsync();
        var data = Places.NewDataDirectory();
        try
        {
            var settings = Directory.CreateDirectory(Path.Combine(data, "conf.d")).FullName;
            await using var own = await PortalProcess.StartAsync(data, new Dictionary<string, string?>
            {
                ["Bootstrap__AdminEmail"] = Portal.AdminEmail, ["Bootstrap__AdminPassword"] = Portal.Password, ["Settings__Directory"] = settings,
                ["Mail__Host"] = "localhost", ["Mail__Port"] = mails.Port.ToString(CultureInfo.InvariantCulture), ["Mail__From"] = "portal@example.org", ["Mail__Security"] = "None",
            });
            await using var administrators = await NewContextAsync(own);
            var admin = await PageAsync(administrators, "/account/forgot");
            await Assertions.Expect(admin.GetByText("This portal cannot send mails.")).ToBeVisibleAsync();
            await new LoginPage(admin).SignInAsync(Portal.AdminEmail, Portal.Password);
            await admin.GotoAsync("/admin/users/new");
            await Assertions.Expect(admin.GetByText("The portal cannot mail links")).ToBeVisibleAsync();
            await Assertions.Expect(admin.GetByLabel("Invite by mail")).ToBeDisabledAsync();
            // Its own address is known only now; links shall open this very portal.
            await File.WriteAllTextAsync(Path.Combine(settings, "address.json"), $$"""{ "Security": { "PublicUrl": "{{own.Address}}" } }""");
            await Eventually.Holds(async () =>
            {
                await admin.ReloadAsync();
                return await admin.GetByLabel("Invite by mail").IsEnabledAsync();
            }, what: "the file with the public address is read");

            await admin.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Hopper");
            await admin.GetByLabel("E-mail").FillAsync("grace@example.org");
            await admin.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "invite.png"), FullPage = true });
            await admin.GetByRole(AriaRole.Button, new() { Name = "Invite by mail" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Grace Hopper is invited")).ToBeVisibleAsync();
            await admin.GetByRole(AriaRole.Link, new() { Name = "Open account" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Invited on")).ToBeVisibleAsync();
            await admin.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "invited.png"), FullPage = true });

            await using var newcomers = await NewContextAsync(own);
            var page = await PageAsync(newcomers, await LinkAsync(mails, "grace@example.org", "invites you"));
            await page.GetByLabel("New password", new() { Exact = true }).FillAsync("seventeen tall ships");
            await page.GetByLabel("New password again").FillAsync("seventeen tall ships");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
            await Assertions.Expect(admin.GetByText("Invited on")).ToBeHiddenAsync();

            await using var others = await NewContextAsync(own, ColorScheme.Dark);
            var forgetful = await PageAsync(others, "/account/login");
            await forgetful.GetByRole(AriaRole.Link, new() { Name = "Password forgotten?" }).ClickAsync();
            await forgetful.GetByLabel("E-mail").FillAsync("grace@example.org");
            (await Axe.ViolationsAsync(forgetful)).ShouldBeEmpty();
            await forgetful.GetByRole(AriaRole.Button, new() { Name = "Send link" }).ClickAsync();
            await Assertions.Expect(forgetful.GetByText("If there is an account with this address")).ToBeVisibleAsync();
            await forgetful.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "forgotten.png") });
            await forgetful.GotoAsync(await LinkAsync(mails, "grace@example.org", "you can choose a new password"));
            await forgetful.GetByLabel("New password", new() { Exact = true }).FillAsync("eighteen small boats");
            await forgetful.GetByLabel("New password again").FillAsync("eighteen small boats");
            await forgetful.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Assertions.Expect(forgetful.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

            await forgetful.GotoAsync("/account");
            await forgetful.GetByRole(AriaRole.Link, new() { Name = "Change e-mail address" }).ClickAsync();
            await forgetful.GetByLabel("New e-mail address").FillAsync("hopper@example.org");
            (await Axe.ViolationsAsync(forgetful)).ShouldBeEmpty();
            await forgetful.GetByRole(AriaRole.Button, new() { Name = "Send confirming link" }).ClickAsync();
            await Assertions.Expect(forgetful.GetByText("A mail is on its way to hopper@example.org")).ToBeVisibleAsync();
            await forgetful.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "email-change.png") });
            await forgetful.GotoAsync(await LinkAsync(mails, "hopper@example.org", "Confirm address"));
            (await Axe.ViolationsAsync(forgetful)).ShouldBeEmpty();
            await forgetful.GetByRole(AriaRole.Button, new() { Name = "Confirm address" }).ClickAsync();
            await Assertions.Expect(forgetful.GetByText("The account uses hopper@example.org from now on")).ToBeVisibleAsync();
            await BodyAsync(mails, "grace@example.org", "e-mail address changed");
            await using var later = await NewContextAsync(own);
            var again = await PageAsync(later, "/account/login");
            await new LoginPage(again).SignInAsync("hopper@example.org", "eighteen small boats");
        }
        finally
        {
            Places.DeleteDataDirectory(data);
        }
    }

    private Task<IBrowserContext> NewContextAsync(PortalProcess own, ColorScheme scheme = ColorScheme.Light) =>
        Portal.Browser.NewContextAsync(new() { BaseURL = own.Address.ToString(), Locale = "en-GB", ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1366, Height = 900 } });

    // Not kept by the journey: these windows close before their portal does.
    private static async Task<IPage> PageAsync(IBrowserContext context, string path)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    private static async Task<string> LinkAsync(TestMailServer mails, string to, string text) => Link().Match(await BodyAsync(mails, to, text)).Value;

    private static async Task<string> BodyAsync(TestMailServer mails, string to, string text)
    {
        string? Find() => mails.Taken.Where(m => m.To.Contains(to)).Select(m => m.Bodies[0]).FirstOrDefault(b => b.Contains(text, StringComparison.Ordinal));
        await Eventually.Holds(() => Task.FromResult(Find() is not null), what: $"the server has the mail to {to}: {text}");
        return Find()!;
    }

    [GeneratedRegex(@"http://\S+token=[\w-]+")]
    private static partial Regex Link();
}
