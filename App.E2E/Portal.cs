using System.Collections.Concurrent;

namespace BlazorAdmin.E2E;

/// <summary>One portal and one browser for the journeys that do not need their own; people of each role are made once.</summary>
public sealed class Portal : IAsyncLifetime
{
    public const string AdminEmail = "admin@example.org";
    public const string Password = "violet kettle drums at noon";

    // Commands that give power away want a proof of the last five minutes: what is kept must leave a journey time for them.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, (Task<string> State, long Since)> _signedIn = new();
    private readonly string _data = Places.NewDataDirectory();
    private IPlaywright _playwright = null!;

    public PortalProcess Process { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The folder of watched settings files; empty unless a journey writes one.</summary>
    public string SettingsFolder => Path.Combine(_data, "conf.d");

    public Uri Address => Process.Address;

    public async Task InitializeAsync()
    {
        Process = await PortalProcess.StartAsync(_data, new Dictionary<string, string?>
        {
            ["Bootstrap__AdminEmail"] = AdminEmail,
            ["Bootstrap__AdminPassword"] = Password,
            ["Settings__Directory"] = SettingsFolder,
            // What the portal has by itself, so that one setting belongs to the environment.
            ["Health__TimeoutSeconds"] = "10",
            // A journey on a slow machine does not race with a message that leaves; what lies under one waits longer than this.
            ["Toasts__UndoSeconds"] = "25",
        });
        _playwright = await Playwright.CreateAsync();
        Browser = await LaunchAsync(_playwright);
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    /// <summary>The cookies of somebody with <paramref name="role"/>, who signs in once for all tests; an administrator again after a while.</summary>
    public Task<string> SignedInAs(string role) => _signedIn.AddOrUpdate(role, _ => (SignInAsync(role, isNew: true), TimeProvider.System.GetTimestamp()), (_, kept) =>
        role == "Administrator" && TimeProvider.System.GetElapsedTime(kept.Since) > KeptFor ? (SignInAsync(role, isNew: false), TimeProvider.System.GetTimestamp()) : kept).State;

    public static string EmailOf(string role) => role == "Administrator" ? AdminEmail : $"{role.ToLowerInvariant()}@example.org";

    private async Task<string> SignInAsync(string role, bool isNew)
    {
        if (isNew && role != "Administrator") await CreatePersonAsync(EmailOf(role), role);
        await using var context = await Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address.ToString(), Locale = "en-GB" });
        var page = await context.NewPageAsync();
        await new LoginPage(page).SignInAsync(EmailOf(role), Password);
        return await context.StorageStateAsync();
    }

    /// <summary>An administrator makes the account on the Users tab.</summary>
    public async Task CreatePersonAsync(string email, string role, string password = Password)
    {
        await using var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            StorageState = await SignedInAs("Administrator"),
            Locale = "en-GB",
        });
        await new UsersPage(await context.NewPageAsync()).CreateAsync(email, role, password);
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await Process.DisposeAsync();
        Places.DeleteDataDirectory(_data);
    }
}

/// <summary>Journeys of this collection share <see cref="Portal"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PortalCollection : ICollectionFixture<Portal>
{
    public const string Name = "portal";
}
