using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Features.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Security;

/// <summary>The maintenance mode: everybody reads, only those who may change settings change something, and it says so.</summary>
public sealed class MaintenanceTests(PortalFixture fixture) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<SettingsService>().ApplyAsync([new SettingEdit("Maintenance:ReadOnly", null), new SettingEdit("Maintenance:Message", null)], "tests");
        await Eventually.Holds(() => !Options.CurrentValue.ReadOnly);
    }

    private IOptionsMonitor<MaintenanceOptions> Options => fixture.Services.GetRequiredService<IOptionsMonitor<MaintenanceOptions>>();

    [Fact]
    public async Task SwitchedOn_People_ReadAndChangeNothing()
    {
        await fixture.AddUserAsync("operator@example.org", Roles.Operator);
        await using var person = await fixture.ActAsAsync("operator@example.org");
        await person.Get<PreferenceStore>().SetThemeAsync(Theme.Dark);
        (await person.Get<CurrentCaller>().GetAsync())!.May("jobs.manage").ShouldBeTrue();

        await using var admin = await SwitchOnAsync();

        await Eventually.Holds(async () => (await person.Get<CurrentCaller>().GetAsync())!.ReadOnly == ReadOnlyReason.Maintenance, because: "it reaches people");
        var caller = (await person.Get<CurrentCaller>().GetAsync())!;
        caller.May("jobs.read").ShouldBeTrue();
        caller.May("jobs.manage").ShouldBeFalse();
        (await Should.ThrowAsync<ReadOnlyException>(() => person.Get<PreferenceStore>().SetThemeAsync(Theme.Light))).Reason.ShouldBe(ReadOnlyReason.Maintenance);
        await Should.ThrowAsync<ReadOnlyException>(() => person.Get<DocumentsService>().Delete([Guid.NewGuid()], default));
        (await person.Get<SessionService>().MineAsync(default)).ShouldNotBeEmpty("reading goes on");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "security.denied" && e.ActorId == caller.UserId))).ShouldBe(0, "nobody did anything wrong");
        // Who may change settings goes on, or it would never end.
        (await admin.Get<CurrentCaller>().GetAsync())!.ReadOnly.ShouldBeNull();
        await admin.Get<PreferenceStore>().SetThemeAsync(Theme.Dark);
        (await admin.Get<SettingsService>().SetAsync("Maintenance:ReadOnly", "false")).IsDone.ShouldBeTrue();
        await Eventually.Holds(async () => (await person.Get<CurrentCaller>().GetAsync())!.ReadOnly is null, because: "it is over");
        await person.Get<PreferenceStore>().SetThemeAsync(Theme.Light);
    }

    [Fact]
    public async Task SwitchedOn_Pages_SayIt()
    {
        await using var admin = await SwitchOnAsync();
        using var browser = fixture.Browser();
        using var answer = await browser.GetAsync("/account/login");
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldContain("The portal is in maintenance");
        html.ShouldContain("New disks &amp; more");

        await fixture.AddUserAsync("banner@example.org", Roles.Member);
        using var person = await fixture.SignedInAsync("banner@example.org");
        using (var account = await person.GetAsync("/account")) (await account.Content.ReadAsStringAsync()).ShouldContain("The portal is in maintenance");
        using var changed = await person.SubmitAsync("/account", "profile", [("Name", "Somebody else")]);
        changed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await changed.Content.ReadAsStringAsync()).ShouldContain("Nothing was changed");
    }

    [Fact]
    public async Task SwitchedOn_Upload_IsRefusedUnread()
    {
        await fixture.AddUserAsync("uploader@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("uploader@example.org");
        using var tokens = await browser.GetAsync("/documents/upload-token");
        using var token = JsonDocument.Parse(await tokens.Content.ReadAsStringAsync());
        await using var admin = await SwitchOnAsync();

        // The head alone: an answer that waited for the body would never come.
        using var connection = new TcpClient();
        await connection.ConnectAsync(fixture.Portal.Address.Host, fixture.Portal.Address.Port);
        var stream = connection.GetStream();
        var head = $"PATCH /documents/uploads/{Guid.NewGuid()} HTTP/1.1\r\nHost: {fixture.Portal.Address.Authority}\r\nOrigin: {fixture.Portal.Address.GetLeftPart(UriPartial.Authority)}\r\nAccept: application/json\r\n"
            + $"Cookie: {browser.Cookies.GetCookieHeader(fixture.Portal.Address)}\r\n{token.RootElement.GetProperty("header").GetString()}: {token.RootElement.GetProperty("token").GetString()}\r\n"
            + "Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(patience.Token)).ShouldNotBeNull().ShouldContain("403");
        var answer = "";
        while (!answer.Contains("nothing can be uploaded at present", StringComparison.Ordinal) && await reader.ReadLineAsync(patience.Token) is { } line) answer += line;
        answer.ShouldContain("nothing can be uploaded at present");
    }

    private async Task<ActingScope> SwitchOnAsync()
    {
        var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().ApplyAsync([new SettingEdit("Maintenance:ReadOnly", "true"), new SettingEdit("Maintenance:Message", "New disks & more")], "tests")).IsDone.ShouldBeTrue();
        await Eventually.Holds(() => Options.CurrentValue.ReadOnly, because: "the setting is read");
        return admin;
    }
}
