using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Embedded;
using BlazorAdmin.Tests.Data;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.E2E;

/// <summary>Two processes on one database share work and live updates, and the survivor goes on when one dies.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private static readonly string[] Words = ["HELLO", "HOLE", "HELL", "OH"];

    private readonly string _folder = Places.NewDataDirectory();
    private EmbeddedPostgres? _server;
    private (string Setting, string ConnectionString) _database;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        if (GivenDatabases.For(_folder) is { } given)
        {
            _database = given;
        }
        else
        {
            _server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Path.Combine(_folder, "database"), BinariesDirectory = PostgresBinaries.Locate(Places.Repository) }, NullLogger.Instance);
            _database = ("ConnectionStrings__Postgres", _server.ConnectionString);
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await Portal.LaunchAsync(_playwright);
    }

    [Fact]
    public async Task TwoNodes_OneDies_OtherSharesLiveUpdatesAndTakesItsJobsOver()
    {
        var settings = new Dictionary<string, string?>
        {
            [_database.Setting] = _database.ConnectionString,
            ["RootKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Files__Directory"] = Path.Combine(_folder, "files"),
            ["Bootstrap__AdminEmail"] = Portal.AdminEmail,
            ["Bootstrap__AdminPassword"] = Portal.Password,
        };
        var starts = await Task.WhenAll(StartAsync("one", settings), StartAsync("two", settings));
        await using var one = starts[0];
        await using var two = starts[1];
        var uploader = await OpenAsync(one);
        var watcher = await OpenAsync(two);

        // Live: what is dropped on one node shows on the other without a reload.
        var here = new DocumentsView(uploader);
        var there = new DocumentsView(watcher);
        await here.UploadAsync(Enumerable.Range(1, 4).ToDictionary(number => $"shared-{number}.pdf", number => SamplePdf.Scanned(2, Words[number - 1])));
        await Assertions.Expect(there.Row("shared-4.pdf")).ToBeVisibleAsync();

        // Both take part, then one dies in the middle of its work.
        await Eventually.Holds(async () => await RunningOnAsync() >= 2, TimeSpan.FromSeconds(120), "both nodes run jobs");
        await one.KillAsync();
        for (var number = 1; number <= 4; number++) await there.ExpectStateAsync($"shared-{number}.pdf", "Ready", seconds: 180);

        (await CountAsync("""select count(*) from "Jobs" where "Type" = 'documents.read' and "State" <> 'Succeeded'""")).ShouldBe(0);
        (await CountAsync("""select count(*) from (select "Schedule", "DueAt" from "JobTicks" group by "Schedule", "DueAt" having count(*) > 1) as twice""")).ShouldBe(0);
    }

    private Task<PortalProcess> StartAsync(string node, Dictionary<string, string?> settings) => PortalProcess.StartAsync(Path.Combine(_folder, node), settings);

    private async Task<IPage> OpenAsync(PortalProcess portal)
    {
        var context = await _browser.NewContextAsync(new() { BaseURL = portal.Address.ToString(), Locale = "en-GB" });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        await new LoginPage(page).SignInAsync(Portal.AdminEmail, Portal.Password);
        await page.GotoAsync("/admin/documents");
        return page;
    }

    private Task<long> RunningOnAsync() => CountAsync("""select count(distinct "Node") from "Jobs" where "State" = 'Running'""");

    private async Task<long> CountAsync(string sql)
    {
        await using DbConnection connection = TestServer.Provider == DatabaseProvider.Postgres ? new NpgsqlConnection(_database.ConnectionString) : new SqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Places.DeleteDataDirectory(_folder);
    }
}
