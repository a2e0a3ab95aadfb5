using System.Diagnostics;
using System.Net;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ForwardedHeaders = BlazorAdmin.Security.Http.ForwardedHeaders;

namespace BlazorAdmin.Tests.Features.Monitor.Export;

public sealed class MetricsEndpointTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Get_OnTheMachineItself_IsPlainTextWithHostAndPortal()
    {
        await SampledAsync();
        using var client = fixture.Browser();

        using var answer = await client.GetAsync("/metrics", ("Accept", "text/plain"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        lines.ShouldContain(line => line.StartsWith("blazoradmin_cpu_busy_ratio{core=\"0\"} ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("blazoradmin_load_average{minutes=\"15\"} ", StringComparison.Ordinal));
        lines.ShouldContain("# TYPE blazoradmin_memory_size_bytes gauge");
        lines.ShouldContain("# TYPE blazoradmin_job_runs_total counter");
        lines.ShouldContain(line => line.StartsWith("blazoradmin_build_info{version=", StringComparison.Ordinal) && line.EndsWith("} 1", StringComparison.Ordinal));
        lines.ShouldContain("blazoradmin_circuits 0");
        // Each family stands once and in one piece.
        var families = lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ToList();
        families.ShouldBe(families.Distinct());
    }

    [Fact]
    public async Task Get_OpenMetrics_EndsWithItsMark()
    {
        using var client = fixture.Browser();

        using var answer = await client.GetAsync("/metrics", ("Accept", "application/openmetrics-text; version=1.0.0"));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/openmetrics-text");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldEndWith("# EOF\n");
        text.ShouldContain("# TYPE blazoradmin_job_runs counter\n");
        text.ShouldContain("blazoradmin_job_runs_total{state=\"failed\"} ");
    }

    [Fact]
    public async Task Get_ForSomebodyElsewhere_NeedsATokenWithTheScope()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var tokens = admin.Get<TokensService>();
        var right = await tokens.CreateAsync(new NewToken("scraper", [TokenScopes.MetricsRead], null), default);
        var wrong = await tokens.CreateAsync(new NewToken("prober", [TokenScopes.HealthRead], null), default);

        (await StatusAsync()).ShouldBe(401);
        (await StatusAsync(right.Secret)).ShouldBe(200);
        (await StatusAsync(wrong.Secret)).ShouldBe(403);
        (await StatusAsync(TokenSecret.New())).ShouldBe(401);
        // A browser that is signed in is no machine.
        using var browser = await fixture.SignedInAsync();
        ((int)(await browser.GetAsync("/metrics", ("X-Forwarded-For", "192.0.2.9"))).StatusCode).ShouldBe(401);
    }

    [Theory]
    [InlineData("X-Real-IP", "192.0.2.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Forwarded", "for=192.0.2.9")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Original-For", "192.0.2.9")]
    public async Task Get_ThroughAProxyOnTheMachineItself_NeedsAToken(string header, string value)
    {
        using var client = fixture.Browser();
        using var answer = await client.GetAsync("/metrics", ("Accept", "text/plain"), (header, value));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task IsFromHere_BelievedNetworkNamesTheMachineItself_IsFalse()
    {
        var options = ForwardedHeaders.From(new SecurityOptions { KnownProxies = ["10.0.0.0/8"] })!;
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("10.1.2.3");
        http.Request.Headers["X-Forwarded-For"] = "127.0.0.1";
        await new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options)).Invoke(http);

        http.Connection.RemoteIpAddress.ShouldBe(IPAddress.Loopback);
        ScopeHandler.IsFromHere(http).ShouldBeFalse();
    }

    [Fact]
    public async Task Get_WithAWrongTokenOnTheMachineItself_IsRefused()
    {
        using var client = fixture.Browser();
        using var answer = await client.GetAsync("/metrics", ("Accept", "text/plain"), ("Authorization", $"Bearer {TokenSecret.New()}"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [PrometheusFact]
    public async Task Promtool_ChecksTheFigures_FindsNothing()
    {
        await SampledAsync();
        using var client = fixture.Browser();
        using var answer = await client.GetAsync("/metrics", ("Accept", "text/plain"));
        using var tool = Process.Start(new ProcessStartInfo(PrometheusFactAttribute.Find("promtool")!, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;

        await answer.Content.CopyToAsync(tool.StandardInput.BaseStream);
        tool.StandardInput.Close();

        var said = await tool.StandardOutput.ReadToEndAsync() + await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        said.ShouldBeEmpty();
        tool.ExitCode.ShouldBe(0);
    }

    [PrometheusFact]
    public async Task Prometheus_ScrapesThePortal_KnowsItsFigures()
    {
        await SampledAsync();
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var token = await admin.Get<TokensService>().CreateAsync(new NewToken("real prometheus", [TokenScopes.MetricsRead], DateTimeOffset.UtcNow.AddDays(1)), default);
        await using var prometheus = RealPrometheus.Scraping(fixture.Portal.Address, token.Secret);

        (await prometheus.ValueAsync("up{job=\"portal\"} == 1")).ShouldBe(1);
        (await prometheus.ValueAsync("blazoradmin_build_info")).ShouldBe(1);
        (await prometheus.ValueAsync("blazoradmin_cpu_busy_ratio{core=\"0\"}")).ShouldBeInRange(0, 1);
        (await prometheus.ValueAsync("blazoradmin_memory_size_bytes")).ShouldBeGreaterThan(100_000_000);
    }

    private async Task<int> StatusAsync(string? token = null)
    {
        using var client = fixture.Browser();
        // What a proxy on this machine sends for somebody elsewhere.
        using var answer = token is null
            ? await client.GetAsync("/metrics", ("Accept", "text/plain"), ("X-Forwarded-For", "192.0.2.9"))
            : await client.GetAsync("/metrics", ("Accept", "text/plain"), ("X-Forwarded-For", "192.0.2.9"), ("Authorization", $"Bearer {token}"));
        return (int)answer.StatusCode;
    }

    private Task SampledAsync()
    {
        var broadcaster = fixture.Services.GetRequiredService<TickBroadcaster>();
        return Eventually.Holds(() => broadcaster.Ring.Last > 2, because: "the machine was sampled");
    }
}
