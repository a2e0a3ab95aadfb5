using BlazorAdmin.Benchmarks.Circuits;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Settings;

namespace BlazorAdmin.Tests.Security;

/// <summary>Browsers of one person that ask for more than their share: they are cut or held back, and others go on.</summary>
public sealed class CircuitLoadTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Page = "/admin/flags/new";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Open_MoreThanOnePersonMay_IsRefusedUntilOneIsClosed()
    {
        const int Most = 5;
        await fixture.AddUserAsync("hungry@example.org", Roles.Member);
        using var hungry = await HttpAsync("hungry@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().SetAsync("Security:CircuitsPerPerson", $"{Most}")).IsDone.ShouldBeTrue();
        var open = new List<HubSocket>();
        try
        {
            for (var i = 0; i < Most; i++) open.Add(await ConnectAsync(hungry));

            using (var refused = await ConnectAsync(hungry)) (await IsClosedAsync(refused)).ShouldBeTrue();
            await OthersGoOnAsync();

            open[0].Dispose();
            await Eventually.Holds(async () =>
            {
                using var again = await ConnectAsync(hungry);
                // A ping is answered by the server's own; a connection that is refused ends before.
                await again.SendAsync(HubMessages.KeepAlive(), default);
                return !await IsClosedAsync(again);
            }, because: "a page that was closed makes room");
        }
        finally
        {
            foreach (var socket in open) socket.Dispose();
            await admin.Get<SettingsService>().RemoveAsync("Security:CircuitsPerPerson");
        }
    }

    [Theory]
    [InlineData(1 << 20, 1)]
    [InlineData(20, 2_000)]
    public async Task Messages_TooLargeOrSenseless_EndThatConnectionAlone(int length, int count)
    {
        await fixture.AddUserAsync($"loud{length}@example.org", Roles.Member);
        using var loud = await HttpAsync($"loud{length}@example.org");
        using var socket = await ConnectAsync(loud);

        await OthersGoOnAsync(async () =>
        {
            try
            {
                for (var i = 0; i < count; i++) await socket.SendAsync(HubMessages.Call("OnLocationChanged", 1).Text(new string('x', length)), default);
            }
            catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or IOException)
            {
                // The server has cut it already.
            }
        });

        if (length > 512 << 10) (await IsClosedAsync(socket)).ShouldBeTrue("such a message is not taken in");
    }

    [Fact]
    public async Task Batches_NeverAcknowledged_AreNotPiledUp()
    {
        using var http = await HttpAsync(PortalFixture.AdminEmail);
        await using var client = await OpenAsync(http);
        client.IsSilent = true;
        var before = client.Batches;

        var answered = 0;
        try
        {
            for (; answered < 40; answered++) await client.ClickAsync(Button(client), null, TimeSpan.FromSeconds(3), default);
        }
        catch (CircuitException)
        {
            // Nothing is drawn any more for a browser that does not say that it has drawn.
        }

        (client.Batches - before).ShouldBeLessThanOrEqualTo(12);
        await OthersGoOnAsync();
    }

    /// <summary>Somebody else's page answers while <paramref name="meanwhile"/> happens.</summary>
    private async Task OthersGoOnAsync(Func<Task>? meanwhile = null)
    {
        using var http = await HttpAsync(PortalFixture.AdminEmail);
        await using var client = await OpenAsync(http);
        var load = meanwhile?.Invoke() ?? Task.CompletedTask;
        for (var i = 0; i < 3; i++) await client.ClickAsync(Button(client), null, Limit, default);
        await load.WaitAsync(Limit);
    }

    private async Task<CircuitClient> OpenAsync(HttpClient http)
    {
        var client = await CircuitClient.OpenAsync(http, new Uri(fixture.Portal.Address, Page), keepsDocument: true, default);
        await client.WaitForAsync(page => page.Find("onclick", IsAdd) is not null, Limit, default);
        return client;
    }

    private static PageNode Button(CircuitClient client) => client.Document!.Find("onclick", IsAdd)!;

    private static bool IsAdd(PageNode node) => node.Name == "button" && node.InnerText().Contains("Add rule", StringComparison.Ordinal);

    private async Task<HttpClient> HttpAsync(string email)
    {
        using var browser = await fixture.SignedInAsync(email);
        var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Cookie", browser.Cookies.GetCookieHeader(fixture.Portal.Address));
        http.DefaultRequestHeaders.Add("Accept", "text/html");
        return http;
    }

    private Task<HubSocket> ConnectAsync(HttpClient http) => HubSocket.ConnectAsync(
        new UriBuilder(new Uri(fixture.Portal.Address, "/_blazor")) { Scheme = "ws" }.Uri, fixture.Portal.Address.GetLeftPart(UriPartial.Authority), http.DefaultRequestHeaders.GetValues("Cookie").Single(), default);

    /// <summary>Whether the server closes the connection instead of keeping it alive (every four seconds).</summary>
    private static async Task<bool> IsClosedAsync(HubSocket socket)
    {
        using var patience = new CancellationTokenSource(Limit);
        try
        {
            while (await socket.ReceiveAsync(patience.Token) is { } message)
            {
                var type = TypeOf(message);
                if (type == HubMessages.Close) return true;
                if (type == HubMessages.Ping) return false;
            }

            return true;
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            return true;
        }
    }

    private static long TypeOf(ReadOnlyMemory<byte> message)
    {
        var reader = new PackReader(message.Span);
        reader.Array();
        return reader.Integer();
    }
}
