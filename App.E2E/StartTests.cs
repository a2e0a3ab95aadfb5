using System.Net;

namespace BlazorAdmin.E2E;

/// <summary>How the program starts, refuses to start, and ends; no browser.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly Dictionary<string, string?> Embedded = new() { ["Database__Provider"] = "Postgres" };

    private readonly string _data = Places.NewDataDirectory();

    [Fact]
    public async Task Start_DataDirectoryInUse_IsRefusedInOneLine()
    {
        await using var first = await PortalProcess.StartAsync(_data, Embedded);
        await using var second = PortalProcess.Launch(_data, Embedded, "http://127.0.0.1:0");

        (await second.WaitForExitAsync()).ShouldBe(1);
        second.Output.ShouldContain("BlazorAdmin cannot start:");
        second.Output.ShouldContain("in use by another portal");
        second.Output.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("ConnectionStrings__Postgres=Host=a;Database=b", "ConnectionStrings__SqlServer=Server=a;Database=b", "Remove one")]
    [InlineData("Database__Provider=SqlServer", "", "Make them agree")]
    [InlineData("ConnectionStrings__Postgres=Nonsense=1", "", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("Bootstrap__AdminEmail=admin@example.org", "Bootstrap__AdminPassword=short", "Bootstrap")]
    public async Task Start_SettingsContradict_IsRefusedInOneLine(string first, string second, string expected)
    {
        var settings = new[] { first, second }.Where(s => s.Length > 0).ToDictionary(s => s[..s.IndexOf('=')], s => (string?)s[(s.IndexOf('=') + 1)..]);
        await using var portal = PortalProcess.Launch(_data, settings, "http://127.0.0.1:0");

        (await portal.WaitForExitAsync()).ShouldBe(1);
        portal.Output.ShouldContain(expected);
        portal.Output.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("Postgres", "Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none;Timeout=2")]
    [InlineData("SqlServer", "Server=127.0.0.1,1;Database=none;User Id=none;Password=none;Connect Timeout=2")]
    public async Task Ready_DatabaseUnreachable_SaysSoAndServesNothingElse(string provider, string connectionString)
    {
        await using var portal = PortalProcess.Launch(
            _data, new Dictionary<string, string?> { [$"ConnectionStrings__{provider}"] = connectionString }, "http://127.0.0.1:0");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.Holds(() => Task.FromResult(portal.Output.Contains("Now listening", StringComparison.Ordinal)), TimeSpan.FromSeconds(60), "the portal listens");

        using var ready = await client.GetAsync(new Uri(portal.Address, "/health/ready"));
        using var live = await client.GetAsync(new Uri(portal.Address, "/health/live"));
        using var page = await client.GetAsync(portal.Address);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("cannot be reached");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        portal.Output.Split('\n').Count(l => l.Contains("cannot be reached", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Setup_FirstStart_PrintsCodeAndSecondStartKeepsTheDatabase()
    {
        await using (var first = await PortalProcess.StartAsync(_data))
        {
            (await first.SetupCodeAsync()).Length.ShouldBeGreaterThan(8);
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var page = await client.GetAsync(new Uri(first.Address, "/admin/jobs"));
            page.Headers.Location?.ToString().ShouldContain("/setup");
            await first.KillAsync();
        }

        await using var second = await PortalProcess.StartAsync(_data);
        second.Output.ShouldNotContain("Creating the embedded database");
        await second.StopAsync();
        second.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Migrate_BesideRunningPortal_IsUpToDate()
    {
        await using var portal = await PortalProcess.StartAsync(_data);
        await using var verb = PortalProcess.Launch(_data, null, "http://127.0.0.1:0", "migrate");

        (await verb.WaitForExitAsync()).ShouldBe(0);
        verb.Output.ShouldContain("is up to date");
    }

    [Fact]
    public async Task UnknownVerb_ListsTheKnownOnesAndStartsNoDatabase()
    {
        await using var verb = PortalProcess.Launch(_data, null, "http://127.0.0.1:0", "nonsense");

        (await verb.WaitForExitAsync()).ShouldBe(2);
        verb.Output.ShouldContain("admin link");
        verb.Output.ShouldContain("migrate");
        Directory.Exists(Path.Combine(_data, "postgres")).ShouldBeFalse();
        verb.Output.ShouldNotContain("Creating the embedded database");
    }

    public void Dispose() => Places.DeleteDataDirectory(_data);
}
