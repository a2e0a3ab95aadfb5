using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class LogsPageTests : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly PortalFixture _fixture;
    private readonly Topic<LogsWritten> _written;
    private readonly Switchable _databases;

    public LogsPageTests(PortalFixture fixture)
    {
        _fixture = fixture;
        var (services, portal) = (_context.Services, fixture.Services);
        _written = portal.GetRequiredService<Topic<LogsWritten>>();
        _databases = new Switchable(portal.GetRequiredService<IDbContextFactory<AppDbContext>>());
        services.AddSingleton<IDbContextFactory<AppDbContext>>(_databases).AddSingleton(_written).AddSingleton(portal.GetRequiredService<LogQueue>());
        services.AddSingleton(portal.GetRequiredService<LogWriter>()).AddSingleton(portal.GetRequiredService<AccessRegistry>()).AddSingleton(portal.GetRequiredService<IDatabaseDialect>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<SavedViews>().AddScoped<LogsService>();
        services.AddSingleton(new NavigationEntry("/admin/logs", typeof(LogsTexts), "Logs", NavigationGroup.Operations, "document", LogsPermissions.Read, 50));
    }

    public async Task InitializeAsync()
    {
        var admin = await _fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());
        As(new Caller(admin, null, "Ada", AppDbContext.DefaultTenant, null, new[] { LogsPermissions.Read, LogsPermissions.Bundle }.ToFrozenSet()));
    }

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task Render_NewLineWhileLiveAndPaused_ShowsItWhenLive()
    {
        await AddAsync("Page", "first line");
        Open("/admin/logs?slice=Page");
        var page = _context.Render<LogsPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(1));

        await AddAsync("Page", "second line");
        _written.PublishHere(new LogsWritten(1));
        page.WaitForAssertion(() => page.Markup.ShouldContain("second line"));

        await page.InvokeAsync(() => page.Find("button[aria-pressed=false]:not(.pill)").ClickAsync(new()));
        await AddAsync("Page", "third line");
        _written.PublishHere(new LogsWritten(1));
        page.Find(".live").ClassList.ShouldContain("paused");
        page.Markup.ShouldNotContain("third line");
        await page.InvokeAsync(() => page.Find("button[aria-pressed=true]:not(.pill)").ClickAsync(new()));
        page.WaitForAssertion(() => page.Markup.ShouldContain("third line"));
    }

    [Fact]
    public async Task Render_Details_ShowExceptionAndLinks()
    {
        var id = await AddAsync("Detail", "it broke", entry => (entry.Exception, entry.JobId, entry.Reference, entry.Values) = ("System.X: cause", 12, "ABCD-EFGH", "{\"A\":1}"));
        Open($"/admin/logs?slice=Detail&item={id}");
        var page = _context.Render<LogsPage>();

        page.WaitForAssertion(() => page.Find(".drawer").TextContent.ShouldContain("System.X: cause"));
        page.Find(".drawer a[href='admin/jobs?item=12']").TextContent.ShouldBe("#12");
        page.Find(".drawer a[href='admin/logs?reference=ABCD-EFGH']");
    }

    [Fact]
    public async Task Render_PartsOfThePortalCannotBeRead_StillShowsTheLines()
    {
        await AddAsync("Away", "still read");
        _databases.Failing = 1;
        Open("/admin/logs?slice=Away");

        var page = _context.Render<LogsPage>();

        page.WaitForAssertion(() => page.Markup.ShouldContain("still read"));
        _databases.Failing.ShouldBe(0);
    }

    private sealed class Switchable(IDbContextFactory<AppDbContext> databases) : IDbContextFactory<AppDbContext>
    {
        /// <summary>The next so many fail.</summary>
        public int Failing { get; set; }

        public AppDbContext CreateDbContext() => Failing > 0 && Failing-- > 0 ? throw new TimeoutException("The database is away.") : databases.CreateDbContext();
    }

    [Fact]
    public void Render_WithoutTheRight_SaysSo()
    {
        As(new Caller(Guid.NewGuid(), null, "Eve", AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty));
        var panel = _context.Render<LogPanel>(parameters => parameters.Add(p => p.Id, 1));
        panel.WaitForAssertion(() => panel.FindComponents<ForbiddenState>().Count.ShouldBe(1));
    }

    [Fact]
    public async Task TracePage_KeptTrace_IsAWaterfall()
    {
        var (trace, start) = (Guid.NewGuid().ToString("N"), DateTimeOffset.UtcNow);
        await _fixture.QueryAsync(async db =>
        {
            db.Add(new TraceSpan { TraceId = trace, SpanId = "a", Name = "GET /x", Source = "Microsoft.AspNetCore", StartedAt = start, Microseconds = 100_000, Node = "n" });
            db.Add(new TraceSpan { TraceId = trace, SpanId = "b", ParentId = "a", Name = "SELECT", Source = "Npgsql", StartedAt = start.AddMilliseconds(25), Microseconds = 50_000, Failed = true, Node = "n" });
            return await db.SaveChangesAsync();
        });

        var page = _context.Render<TracePage>(parameters => parameters.Add(p => p.TraceId, trace));

        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(2));
        page.FindAll(".course > span")[1].GetAttribute("style").ShouldBe("--from: 25%; --size: 50%");
        page.FindAll("tbody tr")[1].TextContent.ShouldContain("failed");
        var none = _context.Render<TracePage>(parameters => parameters.Add(p => p.TraceId, "none"));
        none.WaitForAssertion(() => none.Markup.ShouldContain("This trace was not kept"));
    }

    [Fact]
    public void ReferenceNumber_ForThoseWhoMayReadTheLog_IsALink()
    {
        _context.Render<FailedState>(parameters => parameters.Add(p => p.Reference, "ABCD-2345")).WaitForElement("a[href='admin/logs?reference=ABCD-2345']");
        As(new Caller(Guid.NewGuid(), null, "Eve", AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty));
        _context.Render<FailedState>(parameters => parameters.Add(p => p.Reference, "ABCD-2345")).FindAll("a").ShouldBeEmpty();
    }

    private void As(Caller caller) => _context.Services.GetRequiredService<CurrentCaller>().Use(caller);

    private void Open(string url) => _context.Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private Task<long> AddAsync(string slice, string message, Action<LogEntry>? change = null) => _fixture.QueryAsync(async db =>
    {
        var entry = new LogEntry { At = DateTimeOffset.UtcNow, Level = 2, Slice = slice, Category = "c", Message = message, Node = "n" };
        change?.Invoke(entry);
        db.Add(entry);
        await db.SaveChangesAsync();
        return entry.Id;
    });
}
