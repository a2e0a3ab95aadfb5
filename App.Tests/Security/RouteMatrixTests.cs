using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Security;

/// <summary>
/// Who gets what answer on every route: real requests of nobody and of each built-in role against a golden file. A new
/// route without a line fails; <c>ROUTE_MATRIX=write</c> writes the file anew from what the portal answers.
/// </summary>
public sealed partial class RouteMatrixTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Golden = "App.Tests/Security/route-matrix.txt";

    private static readonly string[] Callers = ["anonymous", Roles.Member, Roles.Support, Roles.Editor, Roles.Operator, Roles.Auditor, Roles.Administrator];

    // What a portal writes by itself while somebody looks at it: measurements, logs, nodes, who is there, its jobs and their warnings.
    private static readonly string[] Unrelated =
    [
        "AuditEntries", "AuditActors", "CircuitPresences", "FlagExposures", "Jobs", "JobAttempts", "JobBuckets", "JobFields", "JobLinks", "JobLogLines", "JobScheduleMarks",
        "JobSignals", "JobStats", "JobTicks", "JobTypeStates", "JobUniques", "LiveNodes", "LogEntries", "MailMessages", "MetricChunks", "MetricMarks", "MetricSeries", "NodeMessages",
        "Notifications", "SignInSessions", "SystemValues", "TraceSpans", "WorkerNodes",
    ];

    [Fact]
    public async Task Routes_OfEveryCaller_AnswerAsTheMatrixSays()
    {
        var routes = Routes();
        routes.Count.ShouldBeGreaterThan(50);
        var answers = routes.ToDictionary(route => route, _ => new List<string>());
        foreach (var caller in Callers)
        {
            using var browser = await BrowserOfAsync(caller);
            foreach (var route in routes) answers[route].Add(await AnswerAsync(browser, route));
        }

        var measured = answers.Select(answer => $"{answer.Key.Method} {answer.Key.Path} | {string.Join(" ", answer.Value)}").Order(StringComparer.Ordinal).ToList();
        var file = Path.Combine(Repository.Root, Golden);
        if (Environment.GetEnvironmentVariable("ROUTE_MATRIX") == "write") await File.WriteAllLinesAsync(file, [.. Head(), .. measured]);
        var golden = File.ReadAllLines(file).Where(line => line.Length > 0 && line[0] != '#').ToList();

        measured.Except(golden).ShouldBeEmpty($"these answers are not in {Golden}: if they are right, put the lines there");
        golden.Except(measured).ShouldBeEmpty($"these lines of {Golden} are not what the portal answers");
    }

    [Fact]
    public async Task Pages_OpenedByAnAdministrator_ChangeNothing()
    {
        using var browser = await BrowserOfAsync(Roles.Administrator);
        var before = await CountAsync();
        var entries = await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync());
        before.Count.ShouldBeGreaterThan(15);

        foreach (var route in Routes().Where(route => route.Method == "GET")) await AnswerAsync(browser, route);

        (await CountAsync()).Where(table => before[table.Key] != table.Value).Select(table => $"{table.Key}: {before[table.Key]} rows, then {table.Value}").ShouldBeEmpty();
        // That somebody took data out is written down; nothing else is a reason.
        var actions = await fixture.QueryAsync(db => db.Set<AuditEntry>().OrderBy(e => e.At).Skip(entries).Select(e => e.Action).Distinct().ToListAsync());
        actions.Where(action => !action.EndsWith(".export", StringComparison.Ordinal) && !action.EndsWith(".download", StringComparison.Ordinal) && !action.StartsWith("session.", StringComparison.Ordinal) && !action.StartsWith("logs.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Head() =>
    [
        "# What each route answers to whom. login: sent to the sign-in page. Values of parameters exist nowhere.",
        "# Written by ROUTE_MATRIX=write ./test quick RouteMatrixTests; read the difference before it goes in.",
        $"# method and route | {string.Join(" ", Callers)}",
    ];

    private List<Route> Routes() =>
        [.. fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !IsOfTheFramework(endpoint.RoutePattern.RawText ?? ""))
            .SelectMany(endpoint => MethodsOf(endpoint).Select(method => new Route(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), Sample(endpoint.RoutePattern) + QueryOf(endpoint.RoutePattern.RawText!))))
            .DistinctBy(route => (route.Method, route.Path)).OrderBy(route => route.Path, StringComparer.Ordinal)];

    // The circuit's own endpoints have tests of their own (CircuitTests, ResponseTests).
    private static bool IsOfTheFramework(string route) => route.TrimStart('/') is var path && (path.StartsWith("_blazor", StringComparison.Ordinal) || path.StartsWith("_framework", StringComparison.Ordinal) || path.StartsWith("{**", StringComparison.Ordinal) || path.StartsWith("{*", StringComparison.Ordinal));

    // A page takes posts as well, of the forms that it shows.
    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods switch
    {
        null or { Count: 0 } => ["GET"],
        { } methods when methods.Contains("GET") => ["GET"],
        { } methods => methods,
    };

    private static string Sample(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => parameter.ParameterPolicies.Select(policy => policy.Content).FirstOrDefault() switch
        {
            "guid" => "0197d000-0000-7000-8000-000000000000",
            "long" or "int" => "999999999",
            _ => "nothing",
        },
        _ => "",
    }))));

    // What a route cannot do without.
    private static string QueryOf(string route) => route.TrimStart('/') switch
    {
        "drafts" => "?page=/about",
        "drafts/form" => "?form=/about%23nothing",
        var export when export.EndsWith("/export", StringComparison.Ordinal) => "?format=csv",
        _ => "",
    };

    private async Task<PortalClient> BrowserOfAsync(string caller)
    {
        if (caller == Callers[0]) return fixture.Browser();
        if (caller == Roles.Administrator) return await fixture.SignedInAsync();
        await fixture.AddUserAsync($"{caller.ToLowerInvariant()}@matrix.example.org", caller);
        return await fixture.SignedInAsync($"{caller.ToLowerInvariant()}@matrix.example.org");
    }

    private static async Task<string> AnswerAsync(PortalClient browser, Route route)
    {
        using var answer = await browser.SendAsync(new HttpMethod(route.Method), route.Sample, null);
        if (answer.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther)) return ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Login().IsMatch(answer.Headers.Location?.ToString() ?? "") ? "login" : "302";
    }

    private Task<Dictionary<string, long>> CountAsync() => fixture.QueryAsync(async db =>
    {
        var count = typeof(RouteMatrixTests).GetMethod(nameof(CountOfAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        var counts = new Dictionary<string, long>();
        foreach (var type in db.Model.GetEntityTypes().Where(type => !type.IsOwned() && !type.HasSharedClrType && type.BaseType is null && type.GetTableName() is { } table && !Unrelated.Contains(table)))
            counts[type.GetTableName()!] = await (Task<long>)count.MakeGenericMethod(type.ClrType).Invoke(null, [db])!;
        return counts;
    });

    private static Task<long> CountOfAsync<TEntity>(AppDbContext db) where TEntity : class => db.Set<TEntity>().IgnoreQueryFilters().LongCountAsync();

    [GeneratedRegex("^(https?://[^/]+)?/account/login")]
    private static partial Regex Login();

    private sealed record Route(string Method, string Path, string Sample);
}
