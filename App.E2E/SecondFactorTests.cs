using BlazorAdmin.Features.Account.Factors;

namespace BlazorAdmin.E2E;

/// <summary>Somebody protects their account: an authenticator app with recovery codes, a passkey.</summary>
[Collection(PortalCollection.Name)]
public sealed class SecondFactorTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Authenticator_SetUp_IsAskedForAndARecoveryCodeReplacesItOnce()
    {
        const string email = "guarded@example.org";
        await Portal.CreatePersonAsync(email, "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync("/account/security");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up authenticator app" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code for the authenticator app" })).ToBeVisibleAsync();
        var seed = Base32.Decode((await page.Locator("code.seed").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal));
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(CodeOf(seed, 0));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recovery codes" })).ToBeVisibleAsync();
        var codes = await page.Locator("ul.codes code").AllTextContentsAsync();
        codes.Count.ShouldBe(10);
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        (await File.ReadAllTextAsync(await file.PathAsync())).ShouldContain(codes[9]);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("10 recovery codes left")).ToBeVisibleAsync();

        // The step after the one that was used: the portal takes it already.
        await SignOutAsync(page);
        await new LoginPage(page).FillAsync(email, Portal.Password);
        await Assertions.Expect(page.GetByLabel("Code", new() { Exact = true })).ToBeFocusedAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.Keyboard.TypeAsync("000 001");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("This code is wrong, too old, or was used.")).ToBeVisibleAsync();
        await EnterAsync(page, CodeOf(seed, 1));
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await SignOutAsync(page);
        await new LoginPage(page).FillAsync(email, Portal.Password);
        await EnterAsync(page, codes[0]);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await SignOutAsync(page);
        await new LoginPage(page).FillAsync(email, Portal.Password);
        await EnterAsync(page, codes[0]);
        await Assertions.Expect(page.GetByText("This code is wrong, too old, or was used.")).ToBeVisibleAsync();
        await EnterAsync(page, codes[1]);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await page.GotoAsync("/account/sessions");
        await Assertions.Expect(page.GetByText("Password and recovery code")).ToBeVisibleAsync();

        var admin = await OpenAsync("Administrator", "/admin/users");
        await new UsersPage(admin).OpenAsync(email);
        await admin.GetByRole(AriaRole.Button, new() { Name = "Remove second factor" }).ClickAsync();
        await admin.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove second factor" }).ClickAsync();
        await Assertions.Expect(admin.GetByText("The second factor is removed")).ToBeVisibleAsync();
        await page.GotoAsync("/notifications");
        await Assertions.Expect(page.GetByText("Your second factor was removed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Passkey_AddedAndUsed_SignsInWithoutPassword()
    {
        const string email = "keyholder@example.org";
        await Portal.CreatePersonAsync(email, "Member");
        // Browsers tie passkeys to names: an address of numbers has none.
        var context = await Portal.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = $"http://localhost:{Portal.Address.Port}", Locale = "en-GB", TimezoneId = "Europe/Berlin", ViewportSize = new ViewportSize { Width = 1366, Height = 900 },
        });
        var page = await OpenInAsync(context, "/account/login");
        var devices = await context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        var device = (await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        }))!.Value.GetProperty("authenticatorId").GetString()!;
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync("/account/security");
        await page.GetByLabel("Name of the new passkey").FillAsync("Journey device");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.GetByLabel("Name of passkey 1").FillAsync("Renamed device");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save names" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name of passkey 1")).ToHaveValueAsync("Renamed device");

        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await page.GotoAsync("/account/confirm?returnUrl=%2Faccount%2Fsessions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Passkey" })).ToBeVisibleAsync();

        await page.GotoAsync("/account/security");
        await page.GetByText("Remove…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove passkey Renamed device" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey is removed.")).ToBeVisibleAsync();
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey was not accepted")).ToBeVisibleAsync();
        await devices.SendAsync("WebAuthn.removeVirtualAuthenticator", new Dictionary<string, object> { ["authenticatorId"] = device });
    }

    [Fact]
    public async Task Passkey_AddressOfNumbers_SaysWhyItIsNotOffered()
    {
        var page = await OpenAsync(null, "/account/login");

        await Assertions.Expect(page.GetByText("Passkeys do not work at this address")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeHiddenAsync();
    }

    private static string CodeOf(byte[] seed, int offset) => Totp.CodeAt(seed, Totp.StepOf(DateTimeOffset.UtcNow) + offset);

    private static async Task EnterAsync(IPage page, string code)
    {
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
    }
}
