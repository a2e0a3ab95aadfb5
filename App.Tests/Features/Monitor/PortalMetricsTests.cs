using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>The collector inside of the running portal.</summary>
public sealed class PortalMetricsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Portal_AnswersRequests_MeasuresItself()
    {
        await fixture.AddUserAsync("operator@example.org", Roles.Operator);
        using var browser = await fixture.SignedInAsync("operator@example.org");
        var broadcaster = fixture.Services.GetRequiredService<TickBroadcaster>();
        string[] wanted = ["app.requests.rate", "app.requests.p95", "app.db.commands.rate", "app.db.p95", "app.memory", "app.gc.allocated"];
        var values = new float[MetricCatalog.MaxColumns];
        var times = new double[1];
        await Eventually.Holds(async () =>
        {
            using var answer = await browser.GetAsync("/admin/monitor");
            answer.EnsureSuccessStatusCode();
            var catalog = broadcaster.Catalog;
            broadcaster.Ring.Read(broadcaster.Ring.Last, catalog.Width, times, values);
            return wanted.All(key => catalog.Find(key) is { } metric && values[metric.Index] > 0);
        });
    }

    [Theory]
    [InlineData("/admin/monitor/processes")]
    [InlineData("/admin/monitor/application")]
    public async Task Pages_Operator_MaySeeThem(string address)
    {
        var email = $"reader-{Guid.NewGuid():N}@example.org";
        await fixture.AddUserAsync(email, Roles.Operator);
        using var browser = await fixture.SignedInAsync(email);
        using var answer = await browser.GetAsync(address);
        ((int)answer.StatusCode).ShouldBe(200);
    }
}
