using System.Security.Claims;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class LiveAreaTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly LiveAssets Assets = new("./js/live-chart.js", "./js/live-views.js", "./lib/uPlot.esm.js");

    [Fact]
    public async Task Render_Permitted_ShowsMarkupAndOpensOneStreamForAll()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var cpu = context.Page.Render<CpuWidget>();
        var cores = context.Page.Render<CpuCoresWidget>();
        cpu.Find("[data-metric='0']").GetAttribute("data-kind").ShouldBe("Percent");
        cores.Find("[data-live-chart]").GetAttribute("data-live-chart").ShouldNotBeNull().ShouldContain("\"index\":1");
        cores.Find(".legend li").TextContent.ShouldContain("Core 0");
        context.Broadcaster.Viewers.ShouldBe(1);
        context.Opened.ShouldBe(1);
        context.Module.Invocations["attach"].Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_Page_LeavesNoViewerAndNoListener()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        context.Page.Render<CpuWidget>();
        context.Page.Render<CpuCoresWidget>();
        context.Listeners.ShouldBe(2);
        await context.Page.DisposeComponentsAsync();
        context.Broadcaster.Viewers.ShouldBe(0);
        context.Listeners.ShouldBe(0);
        context.Module.Invocations["detach"].Count.ShouldBe(2);
    }

    [Fact]
    public async Task Render_WithoutPermission_ShowsNothingAndOpensNothing()
    {
        await using var context = new MonitorContext();
        var cpu = context.Page.Render<CpuWidget>();
        cpu.Markup.Trim().ShouldBeEmpty();
        context.Broadcaster.Viewers.ShouldBe(0);
    }

    [Fact]
    public async Task Permission_TakenAndGivenWhileOpen_StopsAndResumes()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var cpu = context.Page.Render<CpuWidget>();
        context.Grant();
        await Eventually.Holds(() => context.Broadcaster.Viewers == 0 && cpu.FindAll("[data-metric]").Count == 0);
        context.Grant(MonitorPermissions.Read);
        await Eventually.Holds(() => context.Broadcaster.Viewers == 1 && cpu.FindAll("[data-metric]").Count == 1);
    }

    [Fact]
    public async Task Catalog_DevicePluggedIn_IsDrawnAnew()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var cores = context.Page.Render<CpuCoresWidget>();
        cores.FindAll(".legend li").Count.ShouldBe(1);
        context.PlugIn("cpu.total", "cpu.core.0", "cpu.core.1");
        await Eventually.Holds(() => cores.FindAll(".legend li").Count == 2);
        await Eventually.Holds(() => context.Module.Invocations["attach"].Count == 2);
        context.Broadcaster.Viewers.ShouldBe(1);
    }

    [Fact]
    public async Task Catalog_DevicePluggedInWhileItIsBeingDrawn_IsDrawnAnewAfterwards()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var browser = context.Module.Setup<double>("attach", _ => true);
        var cores = context.Page.Render<CpuCoresWidget>();
        context.PlugIn("cpu.total", "cpu.core.0", "cpu.core.1");
        await Eventually.Holds(() => cores.FindAll(".legend li").Count == 2);
        context.Module.Invocations["attach"].Count.ShouldBe(1);

        await cores.InvokeAsync(() => browser.SetResult(60));

        await Eventually.Holds(() => context.Module.Invocations["attach"].Count == 2);
        context.Module.Invocations["detach"].Count.ShouldBe(1);
    }

    [Fact]
    public async Task Hidden_Tab_CostsNothingAndGoesOnWhereItStopped()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        context.Page.Render<CpuWidget>();
        context.Stream.Hidden();
        context.Broadcaster.Viewers.ShouldBe(0);
        context.LastSequence.SetResult(1);
        context.Tick();
        await context.Page.Renderer.Dispatcher.InvokeAsync(context.Stream.Visible);
        context.Broadcaster.Viewers.ShouldBe(1);
        context.Opened.ShouldBe(2);
        context.Module.Invocations["open"][1].Arguments[1].ShouldBe(false);
    }

    [Fact]
    public async Task Connection_DownAndUp_StopsAndReopens()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var handler = new LiveStreamCircuitHandler(context.Stream, Person());
        context.Page.Render<CpuWidget>();
        await handler.OnConnectionUpAsync(null!, default);
        context.Opened.ShouldBe(1);
        await handler.OnConnectionDownAsync(null!, default);
        context.Broadcaster.Viewers.ShouldBe(0);
        await handler.OnConnectionUpAsync(null!, default);
        await Eventually.Holds(() => context.Broadcaster.Viewers == 1 && context.Opened == 2);
        await handler.OnCircuitClosedAsync(null!, default);
        context.Broadcaster.Viewers.ShouldBe(0);
        await handler.OnConnectionUpAsync(null!, default);
        context.Broadcaster.Viewers.ShouldBe(0);
    }

    [Fact]
    public async Task Permission_TakenWhileThePageSaysItIsHidden_EndsTheStream()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        var person = Person();
        var handler = new LiveStreamCircuitHandler(context.Stream, person);
        await handler.OnCircuitOpenedAsync(null!, default);
        context.Page.Render<CpuWidget>();
        context.Broadcaster.Viewers.ShouldBe(1);
        context.Page.Services.GetRequiredService<PageVisibility>().Set(hidden: true);
        context.Grant();
        context.Broadcaster.Viewers.ShouldBe(1);
        person.Recheck();
        await Eventually.Holds(() => context.Broadcaster.Viewers == 0);
        await handler.OnCircuitClosedAsync(null!, default);
    }

    [Fact]
    public async Task Connection_UpWhileHidden_StaysClosed()
    {
        await using var context = new MonitorContext(null, MonitorPermissions.Read);
        context.Page.Render<CpuWidget>();
        context.Stream.Hidden();
        context.Stream.ConnectionDown();
        context.Stream.ConnectionUp();
        context.Broadcaster.Viewers.ShouldBe(0);
        context.Opened.ShouldBe(1);
    }

    [Fact]
    public async Task AttachAsync_WithoutPermission_IsRefusedAndAudited()
    {
        await using var context = new MonitorContext(database.ConnectionString);
        await Should.ThrowAsync<ForbiddenException>(() => context.Stream.AttachAsync(new ElementReference("x"), Assets));
        context.Broadcaster.Viewers.ShouldBe(0);
        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        (await db.Set<AuditEntry>().CountAsync(entry => entry.Action == "security.denied")).ShouldBe(1);
    }

    private static SessionAuthenticationStateProvider Person()
    {
        var person = new SessionAuthenticationStateProvider();
        person.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity("test")))));
        return person;
    }
}
