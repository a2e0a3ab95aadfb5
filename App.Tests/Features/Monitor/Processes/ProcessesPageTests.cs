using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Application;
using BlazorAdmin.Features.Monitor.Processes;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Monitor.Processes;

/// <summary>The table pages of the monitor on a folder that plays the machine.</summary>
public sealed class ProcessesPageTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly HostFolder _host = new();
    private readonly FixedOptions _options = new();
    private readonly SlowCommands _commands = new(TimeProvider.System);

    public void Dispose() => _host.Dispose();

    private MonitorContext Open(params string[] permissions)
    {
        _options.CurrentValue = new MonitorOptions { HostRoot = _host.Root, Families = _options.CurrentValue.Families };
        return new MonitorContext(database.ConnectionString, services =>
        {
            services.AddSingleton<IOptionsMonitor<MonitorOptions>>(_options).AddSingleton<ProcessWatch>().AddScoped<ProcessesService>();
            services.AddSingleton(new CollectorStatement(_host.Root)).AddSingleton(_commands).AddScoped<ApplicationService>().AddScoped<CurrentPage>();
        }, permissions);
    }

    private void Process(int pid, string name, int parent = 1, ulong pages = 10)
    {
        _host.Write("proc/stat", "cpu  1 2 3 4\nbtime 1790000000\n")
            .Write($"proc/{pid}/stat", $"{pid} ({name}) S {parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 {pid} 5000 {pages} 0\n")
            .Write($"proc/{pid}/cmdline", $"/bin/{name}\0--token=abc\0").Write($"proc/{pid}/status", "Uid:\t0\t0\t0\t0\n");
    }

    private static void Go(MonitorContext context, string address) => context.Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    private static ProcessWatch Watch(MonitorContext context) => context.Page.Services.GetRequiredService<ProcessWatch>();

    private static string[] Names(IRenderedComponent<ProcessesPage> page) => [.. page.FindAll("tbody .process > span:first-child").Select(name => name.TextContent)];

    [Fact]
    public async Task Render_Permitted_ShowsProcessesAndFollowsThem()
    {
        Process(7, "small");
        Process(8, "large", pages: 1000);
        await using var context = Open(MonitorPermissions.Read, MonitorPermissions.Commands);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => Names(page).ShouldBe(["large", "small"]));
        page.Find("tbody tr").TextContent.ShouldContain("--token=***");
        page.Find(".list-foot [role=status]").TextContent.ShouldBe("2 of 2 processes");
        page.FindAll("nav.tabs a").Select(link => link.GetAttribute("href")).ShouldBe(["/admin/monitor", "/admin/monitor/processes", "/admin/monitor/application"]);
        Process(9, "later", pages: 5000);
        page.WaitForAssertion(() => Names(page).ShouldBe(["later", "large", "small"]));
    }

    [Fact]
    public async Task Address_SearchSortAndTree_AreFollowed()
    {
        Process(7, "parent");
        Process(8, "child", parent: 7, pages: 1000);
        Process(9, "other", pages: 500);
        await using var context = Open(MonitorPermissions.Read);
        Go(context, "/admin/monitor/processes?sort=pid");
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => Names(page).ShouldBe(["parent", "child", "other"]));
        page.Find("th[aria-sort]").GetAttribute("aria-sort").ShouldBe("ascending");
        await page.InvokeAsync(() => page.FindAll("th .sort").Single(button => button.TextContent.Contains("Memory", StringComparison.Ordinal)).ClickAsync(new()));
        page.WaitForAssertion(() => Names(page).ShouldBe(["child", "other", "parent"]));
        context.Page.Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("?sort=-memory");
        Go(context, "/admin/monitor/processes?q=child&view=tree");
        page.WaitForAssertion(() => Names(page).ShouldBe(["parent", "child"]));
        page.FindAll(".process")[1].GetAttribute("style").ShouldBe("--depth: 1");
        Go(context, "/admin/monitor/processes?q=nothing");
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("Nothing matches"));
    }

    [Fact]
    public async Task Watching_HiddenAndDisposed_ReadsNothing()
    {
        Process(7, "one");
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => Names(page).ShouldBe(["one"]));
        var visibility = context.Page.Services.GetRequiredService<PageVisibility>();
        visibility.Set(hidden: true);
        Watch(context).Watchers.ShouldBe(0);
        await Eventually.Holds(() => Watch(context).Current is null);
        visibility.Set(hidden: false);
        await Eventually.Holds(() => Watch(context).Current is not null);
        await context.Page.DisposeComponentsAsync();
        Watch(context).Watchers.ShouldBe(0);
        context.Listeners.ShouldBe(0);
        await Eventually.Holds(() => Watch(context).Current is null);
    }

    [Fact]
    public async Task Render_MachineWithoutProc_SaysSo()
    {
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("Processes cannot be read here"));
        if (OperatingSystem.IsLinux()) page.Find(".state p").TextContent.ShouldContain(_host.Root);
    }

    [Fact]
    public async Task Render_SwitchedOff_SaysSo()
    {
        Process(7, "one");
        _options.CurrentValue = new MonitorOptions { Families = { [MonitorOptions.Processes] = false } };
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("The list of processes is switched off"));
    }

    [Fact]
    public async Task Services_WithoutPermission_Refuse()
    {
        Process(7, "one");
        await using var context = Open();
        await Should.ThrowAsync<ForbiddenException>(() => context.Page.Services.GetRequiredService<ProcessesService>().ListAsync(new ListQuery()));
        await Should.ThrowAsync<ForbiddenException>(() => context.Page.Services.GetRequiredService<ApplicationService>().SlowCommandsAsync());
    }

    [Fact]
    public async Task List_WithoutPermissionForCommands_NeitherShowsNorFindsThem()
    {
        Process(7, "one");
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => Names(page).ShouldBe(["one"]));

        page.Find("tbody tr").TextContent.ShouldNotContain("--token");
        var service = context.Page.Services.GetRequiredService<ProcessesService>();
        (await service.ListAsync(ProcessView.Defaults.WithSearch("--token"))).Lines.ShouldBeEmpty();
        (await service.ListAsync(ProcessView.Defaults)).Lines.ShouldAllBe(line => line.Process.Command.Length == 0);
    }

    [Fact]
    public async Task Permission_TakenWhileOpen_TakesTheListAway()
    {
        Process(7, "one");
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<ProcessesPage>();
        page.WaitForAssertion(() => Names(page).ShouldBe(["one"]));
        context.Grant();
        page.WaitForAssertion(() => Names(page).ShouldBeEmpty());
    }

    [Fact]
    public async Task SlowCommands_NoneAndSome_AreShown()
    {
        await using var context = Open(MonitorPermissions.Read);
        var page = context.Page.Render<SlowCommandsPage>();
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("No slow commands"));
        await context.Page.DisposeComponentsAsync();
        _commands.Add("SELECT a\nFROM b", TimeSpan.FromSeconds(2), failed: true);
        page = context.Page.Render<SlowCommandsPage>();
        page.WaitForAssertion(() => page.Find("summary").TextContent.ShouldBe("SELECT a FROM b"));
        page.Find("pre").TextContent.ShouldBe("SELECT a\nFROM b");
        page.Find("tbody tr").TextContent.ShouldContain("2.0 s");
        page.Find(".chip").TextContent.ShouldBe("Failed");
    }
}
