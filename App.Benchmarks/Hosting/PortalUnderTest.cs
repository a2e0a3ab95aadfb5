using System.Net;
using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Embedded;
using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>
/// A database server and a data directory of their own, on which the published portal is started: its parts live on
/// when the portal is stopped, so that it can be started again on a current schema.
/// </summary>
internal sealed partial class PortalUnderTest : IAsyncDisposable
{
    public const int People = 300;
    private const string Email = "admin@example.org";
    private static readonly string Password = $"bench-{Guid.NewGuid():N}";

    private readonly string _program;
    private readonly string _folder;
    private readonly EmbeddedPostgres _server;

    private PortalUnderTest(string program, string folder, EmbeddedPostgres server) => (_program, _folder, _server) = (program, folder, server);

    public string ConnectionString => _server.ConnectionString;

    public static async Task<PortalUnderTest> PrepareAsync(CancellationToken cancellation)
    {
        var program = await PublishedPortal.PublishAsync(cancellation);
        var folder = Path.Combine(Repository.Artifacts, $"data-{Guid.NewGuid():N}"[..13]);
        var options = new EmbeddedPostgresOptions { DataDirectory = Path.Combine(folder, "server"), BinariesDirectory = PostgresBinaries.Locate(Repository.Root) };
        return new PortalUnderTest(program, folder, await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, cancellation));
    }

    /// <inheritdoc cref="ServedProgram.StartAsync"/>
    public Task<ServedProgram> StartAsync(bool observed, CancellationToken cancellation, params string[] settings) => ServedProgram.StartAsync(
        _program,
        [
            .. settings,
            $"--ConnectionStrings:Postgres={ConnectionString}", $"--DataDirectory={Path.Combine(_folder, "portal")}",
            $"--Bootstrap:AdminEmail={Email}", $"--Bootstrap:AdminPassword={Password}", "--Logging:LogLevel:Default=Warning", "--Security:CircuitsPerPerson=100000",
        ],
        "/health/ready", observed, cancellation);

    /// <summary>Fills the list of people, so that lists have pages.</summary>
    public async Task AddPeopleAsync(CancellationToken cancellation)
    {
        await using var db = new PostgresDbContext(new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(ConnectionString).Options);
        for (var number = 0; number < People; number++)
        {
            var email = $"person{number:000}@example.org";
            db.Users.Add(new User
            {
                Id = Guid.CreateVersion7(),
                TenantId = AppDbContext.DefaultTenant,
                Email = email,
                NormalizedEmail = email.ToUpperInvariant(),
                UserName = email,
                NormalizedUserName = email.ToUpperInvariant(),
                DisplayName = $"Person {number:000}",
                SecurityStamp = Guid.NewGuid().ToString(),
                CreatedAt = DateTimeOffset.UtcNow.AddMinutes(-number),
            });
        }

        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Signs the administrator in.</summary>
    /// <returns>A client that carries the cookies in its default headers.</returns>
    public static async Task<HttpClient> SignInAsync(Uri address, CancellationToken cancellation)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies };
        using (var browser = new HttpClient(handler) { BaseAddress = address })
        {
            var page = await browser.GetStringAsync("/account/login", cancellation);
            var form = Form().Matches(page).Select(match => match.Value).Single(text => text.Contains("name=\"Password\"", StringComparison.Ordinal));
            var fields = HiddenField().Matches(form).ToDictionary(field => Attribute(field.Value, "name"), field => Attribute(field.Value, "value"));
            (fields["Email"], fields["Password"]) = (Email, Password);
            using var answer = await browser.PostAsync("/account/login", new FormUrlEncodedContent(fields), cancellation);
            var landed = answer.RequestMessage!.RequestUri!.AbsolutePath;
            if (!answer.IsSuccessStatusCode || landed.StartsWith("/account/", StringComparison.Ordinal))
                throw new InvalidOperationException($"The administrator could not sign in: {(int)answer.StatusCode} at {landed}.");
        }

        var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Cookie", cookies.GetCookieHeader(address));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Attribute(string element, string name) =>
        WebUtility.HtmlDecode(Regex.Match(element, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex HiddenField();
}
