using System.Text.RegularExpressions;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Tests.Features.Mail;
using BlazorAdmin.Tests.Features.Settings;

namespace BlazorAdmin.Tests.Features.Account;

/// <summary>A portal that mails to a real server, for the tests of one class.</summary>
public sealed partial class MailedAccounts : IAsyncLifetime
{
    public const string PublicUrl = "https://portal.example.org";

    private TestMailServer? _server;

    public PortalFixture Portal { get; } = new();

    public TestMailServer Server => _server ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        if (new MailServerFactAttribute().Skip is not null) return;
        _server = await TestMailServer.StartAsync();
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        await SetAsync(admin, ("Mail:Host", "localhost"), ("Mail:Port", _server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Mail:Security", nameof(MailSecurity.None)),
            ("Mail:From", "portal@example.org"), ("Security:PublicUrl", PublicUrl + "/"));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await Portal.DisposeAsync();
    }

    public static async Task SetAsync(ActingScope admin, params (string Key, string Value)[] values)
    {
        foreach (var (key, value) in values) (await admin.Get<SettingsService>().SetAsync(key, value)).Issues.ShouldAllBe(i => i.Fault == SettingFault.NothingToDo);
    }

    /// <summary>The mail to somebody whose text contains <paramref name="text"/>, once the server has it.</summary>
    public async Task<string> MailAsync(string to, string text)
    {
        string? body = null;
        await Eventually.Holds(() => (body = BodiesTo(to).FirstOrDefault(b => b.Contains(text, StringComparison.Ordinal))) is not null, because: $"the server has the mail to {to} that says: {text}");
        return body!;
    }

    public IEnumerable<string> BodiesTo(string to) => Server.Taken.Where(m => m.To.Contains(to)).Select(m => m.Bodies[0]);

    /// <summary>The path with its token that a mail links to.</summary>
    public static string PathIn(string body)
    {
        var match = Link().Match(body);
        match.Success.ShouldBeTrue(body);
        return match.Groups[1].Value;
    }

    public static string TokenIn(string body) => PathIn(body).Split("token=")[1];

    [GeneratedRegex(@"https://portal\.example\.org(/account/[a-z/]+\?token=[\w-]+)")]
    private static partial Regex Link();
}

/// <summary>Tests that share the portal and its mail server, one class after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MailedAccountsCollection : ICollectionFixture<MailedAccounts>
{
    public const string Name = "mailed accounts";
}
