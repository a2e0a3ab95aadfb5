using System.Globalization;
using System.Net;
using System.Text.Json;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

/// <summary>The export as people download it, the marks and the health of a running portal.</summary>
public sealed class MetricExportTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Export_CsvAndJson_HoldTheSameNumbersAsTheHistory()
    {
        using var browser = await fixture.SignedInAsync();
        await SomeSamplesAsync();
        var to = DateTimeOffset.UtcNow;
        var query = $"from={to.AddMinutes(-5):yyyy-MM-ddTHH:mm:ss.fffZ}&to={to:yyyy-MM-ddTHH:mm:ss.fffZ}&keys=load.1,memory.used";
        var csv = await TextAsync(browser, $"/admin/monitor/export?format=csv&{query}");
        var json = await TextAsync(browser, $"/admin/monitor/export?format=json&{query}");

        await using var scope = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var page = await scope.Get<MetricHistory>().ReadAsync(new MetricRange(to.AddMinutes(-5), to), ["load.1", "memory.used"], null, 20_000);
        var expected = page.Lines.SelectMany(l => l.Times.Zip(l.Mean).Where(p => !float.IsNaN(p.Second)).Select(p => (l.Key, (long)p.First, p.Second))).ToList();
        expected.Count.ShouldBeGreaterThan(20);
        Csv(csv).ShouldBe(expected);
        Json(json).ShouldBe(expected);
    }

    [Fact]
    public async Task Export_WithoutKeys_HoldsEverySeries()
    {
        using var browser = await fixture.SignedInAsync();
        await SomeSamplesAsync();
        var series = Json(await TextAsync(browser, $"/admin/monitor/export?format=json&from={DateTimeOffset.UtcNow.AddMinutes(-5):O}".Replace("+", "%2B", StringComparison.Ordinal))).Select(r => r.Key).Distinct().ToList();
        series.ShouldContain("cpu.total");
        series.ShouldContain("memory.used");
        series.ShouldNotContain("@clock");
    }

    [Theory]
    [InlineData("format=csv", "from is missing")]
    [InlineData("format=csv&from=yesterday", "from is 'yesterday'")]
    [InlineData("format=csv&from=2026-01-01T00:00:00Z&to=soon", "to is 'soon'")]
    [InlineData("format=csv&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from is not before to")]
    [InlineData("format=csv&from=2026-01-01T00:00:00Z&keys=cpu.total,nothing", "keys names 'nothing'")]
    [InlineData("format=csv&from=2026-01-01T00:00:00Z&node=nowhere", "node is 'nowhere'")]
    [InlineData("format=xml&from=2026-01-01T00:00:00Z", "csv or json")]
    public async Task Export_BadInput_NamesTheFieldAndTheRemedy(string query, string problem)
    {
        using var browser = await fixture.SignedInAsync();
        await SomeSamplesAsync();
        using var answer = await browser.GetAsync("/admin/monitor/export?" + query, ("Accept", "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public async Task Export_PersonWithoutTheRight_IsForbidden()
    {
        await fixture.AddUserAsync("curious@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("curious@example.org");
        using var answer = await browser.GetAsync("/admin/monitor/export?format=csv&from=2026-01-01T00:00:00Z");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var nobody = fixture.Browser();
        using var unknown = await nobody.GetAsync("/admin/monitor/export?format=csv&from=2026-01-01T00:00:00Z");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Marks_PortalAndFailedJobs_AreWrittenOncePerTypeAndMinute()
    {
        var node = fixture.Services.GetRequiredService<NodeInfo>();
        await Eventually.Holds(async () => await MarksAsync(MetricMarks.PortalStart) is [{ Link: "/about", Subject.Length: > 0 }]);

        var failed = await AddJobsAsync(node.Name, "tests.mark", 3);
        var elsewhere = await AddJobsAsync("elsewhere", "tests.other", 1);
        var topic = fixture.Services.GetRequiredService<Topic<JobChanged>>();
        foreach (var id in elsewhere.Concat(failed)) topic.Publish(new JobChanged(id, 1, JobState.Failed));

        await Eventually.Holds(async () => (await MarksAsync(MetricMarks.JobFailed)).Count > 0);
        var mark = (await MarksAsync(MetricMarks.JobFailed)).Single();
        (mark.Subject, mark.Node).ShouldBe(("tests.mark", node.Name));
        failed.Select(id => $"/admin/jobs?item={id}").ShouldContain(mark.Link);
    }

    [Fact]
    public async Task Health_RunningPortal_TellsOfTheStore()
    {
        var report = await fixture.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "metrics-store");
        var entry = report.Entries["metrics-store"];
        entry.Status.ShouldBe(HealthStatus.Healthy, entry.Description);
        entry.Data["lostSamples"].ShouldBe(0L);
    }

    /// <summary>The portal measures its own machine.</summary>
    private Task SomeSamplesAsync() => Eventually.Holds(() => fixture.Services.GetRequiredService<TickBroadcaster>().Ring.Last > 20);

    private Task<List<MetricMark>> MarksAsync(string kind) => fixture.QueryAsync(db => db.Set<MetricMark>().Where(m => m.Kind == kind).ToListAsync());

    private Task<List<long>> AddJobsAsync(string node, string type, int count) => fixture.QueryAsync(async db =>
    {
        // In one minute, whenever the test runs.
        var at = DateTimeOffset.UtcNow;
        var jobs = Enumerable.Range(0, count).Select(i => new Job
        {
            TenantId = AppDbContext.DefaultTenant, Type = type, Queue = "default", Priority = 5, State = JobState.Failed, Arguments = "{}", IdempotencyKey = $"{type}-{i}",
            CreatedAt = at, StartedAt = at, FinishedAt = at, Attempts = 1, MaxAttempts = 1, Node = node,
        }).ToList();
        db.AddRange(jobs);
        await db.SaveChangesAsync();
        return jobs.ConvertAll(j => j.Id);
    });

    private static async Task<string> TextAsync(PortalClient browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    // None of these fields needs quotes.
    private static List<(string Key, long At, float Mean)> Csv(string text) =>
    [
        .. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
            .Select(row => (row[1], DateTimeOffset.Parse(row[4], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), float.Parse(row[6], CultureInfo.InvariantCulture))),
    ];

    private static List<(string Key, long At, float Mean)> Json(string text) =>
    [
        .. JsonDocument.Parse(text).RootElement.EnumerateArray()
            .Select(row => (row.GetProperty("series").GetString()!, row.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(), row.GetProperty("mean").GetSingle())),
    ];
}
