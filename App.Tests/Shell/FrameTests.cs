using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Live;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Shell;

public sealed class FrameTests : IDisposable
{
    private static readonly NavigationEntry Dashboard = new("/", typeof(DashboardTexts), "Dashboard", NavigationGroup.None, "dashboard", null, 0);
    private static readonly NavigationEntry Monitor = new("/admin/monitor", typeof(MonitorTexts), "Monitor", NavigationGroup.Operations, "monitor", MonitorPermissions.Read, 30) { Badge = typeof(Badge) };

    private readonly ShellContext _context = new();
    private readonly Badge _badge = new();
    private readonly Topic<AccessChanged> _access = new("access", new RecordingBus(), NullLogger<Topic<AccessChanged>>.Instance);
    private readonly RecordingSearch _search = new();
    private Caller _caller = Person(MonitorPermissions.Read);

    public FrameTests()
    {
        var services = _context.Services;
        services.AddSingleton(Dashboard).AddSingleton(Monitor).AddSingleton(_badge).AddSingleton(_access).AddSingleton<SliceTexts>();
        services.AddSingleton(new PaletteAction(typeof(MonitorTexts), "Monitor", "play", "nobody.has", "/admin/monitor?x=1"));
        services.AddSingleton<ISearchProvider>(_search).AddSingleton<ISearchProvider, FailingSearch>();
        services.AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        services.AddScoped(provider =>
        {
            var current = new CurrentCaller(null!, provider);
            current.Use(_caller);
            return current;
        });
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void NavMenu_Permission_DecidesWhatIsThere()
    {
        var menu = _context.Render<NavMenu>();
        menu.FindAll("nav li a").Select(a => a.GetAttribute("href")).ShouldBe(["", "admin/monitor"]);
        menu.Find("nav h2").TextContent.ShouldBe("Operations");
    }

    [Fact]
    public void NavMenu_NobodyMay_HasNoGroup()
    {
        _caller = Person();
        var menu = _context.Render<NavMenu>();
        menu.FindAll("nav li a").Count.ShouldBe(1);
        menu.FindAll("nav h2").ShouldBeEmpty();
    }

    [Fact]
    public async Task NavMenu_Badge_FollowsAndIsLeftBehind()
    {
        var menu = _context.Render<NavMenu>();
        menu.FindAll(".badge").ShouldBeEmpty();
        _badge.Set(3);
        menu.WaitForAssertion(() => menu.Find(".badge.bad").TextContent.ShouldBe("3"));
        _access.SubscriberCount.ShouldBe(1);
        await _context.DisposeComponentsAsync();
        _access.SubscriberCount.ShouldBe(0);
        _badge.Subscribers.ShouldBe(0);
    }

    [Theory]
    [InlineData("/admin/monitor?range=1", "Operations|Monitor")]
    [InlineData("/admin/monitor/disks", "Operations|Monitor|Disks")]
    [InlineData("/", "Dashboard")]
    [InlineData("/about", "Disks")]
    public void Breadcrumbs_Path_ShowsTheWay(string path, string expected)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        _context.Services.GetRequiredService<CurrentPage>().Show("Disks");
        _context.Render<Breadcrumbs>().FindAll("li").Select(li => li.TextContent.Trim()).ShouldBe(expected.Split('|'));
    }

    [Fact]
    public async Task Palette_Opened_OffersWhatThePersonMay()
    {
        var palette = _context.Render<CommandPalette>();
        await palette.InvokeAsync(() => palette.Find("input").FocusAsync());
        palette.FindAll("[role=option]").Select(o => o.GetAttribute("href")).ShouldBe(["/", "/admin/monitor"]);
    }

    [Fact]
    public async Task Palette_Typing_AsksProvidersAndSurvivesAFailingOne()
    {
        var palette = _context.Render<CommandPalette>();
        await palette.InvokeAsync(() => palette.Find("input").FocusAsync());
        await palette.InvokeAsync(() => palette.Find("input").InputAsync("mon"));
        palette.WaitForAssertion(() => palette.FindAll("[role=option]").Count.ShouldBe(2));
        palette.FindAll("h3").Select(h => h.TextContent).ShouldBe(["Pages", "Documents"]);
        _search.Asked.ShouldBe(["mon"]);
    }

    [Fact]
    public async Task Palette_OneLetter_AsksNobody()
    {
        var palette = _context.Render<CommandPalette>();
        await palette.InvokeAsync(() => palette.Find("input").FocusAsync());
        await palette.InvokeAsync(() => palette.Find("input").InputAsync("z"));
        palette.Find(".state").TextContent.ShouldBe("Nothing found for “z”.");
        _search.Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Palette_Rank_PrefersBeginnings()
    {
        SearchHit Hit(string title) => new("Page", title, null, "/" + title, "dot");
        CommandPalette.Rank([Hit("Audit log"), Hit("Blog"), Hit("Logs"), Hit("Users")], "log").Select(hit => hit.Title).ShouldBe(["Logs", "Audit log", "Blog"]);
    }

    [Fact]
    public void PageBoundary_Failure_ShowsReferenceAndRecovers()
    {
        Bomb.Failure = new InvalidOperationException("secret detail");
        var page = _context.Render<PageBoundary>(p => p.AddChildContent<Bomb>());
        page.Find("code").TextContent.ShouldMatch("^[A-Z2-9]{4}-[A-Z2-9]{4}$");
        page.Markup.ShouldNotContain("secret detail");
        Bomb.Failure = null;
        page.Act(() => page.Find("[role=alert] button").Click());
        page.Markup.ShouldBe("fine");
    }

    [Fact]
    public void PageBoundary_Refusal_SaysSo()
    {
        Bomb.Failure = new ForbiddenException("jobs.read");
        var page = _context.Render<PageBoundary>(p => p.AddChildContent<Bomb>());
        page.Find("h2").TextContent.ShouldBe("You may not see this");
        page.FindAll("code").ShouldBeEmpty();
    }

    [Fact]
    public void PageHead_Title_GoesToBreadcrumbs()
    {
        _context.Render<PageHead>(p => p.Add(h => h.Title, "Disks").Add(h => h.Live, true)).Find("h1").TextContent.ShouldBe("Disks");
        _context.Services.GetRequiredService<CurrentPage>().Title.ShouldBe("Disks");
    }

    private static Caller Person(params string[] permissions) => new(Guid.NewGuid(), Guid.NewGuid(), "Mira Brandt", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet());

    private sealed class Bomb : ComponentBase
    {
        public static Exception? Failure { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (Failure is not null) throw Failure;
            builder.AddContent(0, "fine");
        }
    }

    private sealed class RecordingSearch : ISearchProvider
    {
        public List<string> Asked { get; } = [];

        public Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
        {
            Asked.Add(text);
            return Task.FromResult<IReadOnlyList<SearchHit>>([new("Document", "money.pdf", null, "/documents?item=1", "document")]);
        }
    }

    private sealed class FailingSearch : ISearchProvider
    {
        public Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation) => throw new InvalidOperationException("down");
    }

    private sealed class Badge : INavigationBadge
    {
        private Action? _changed;
        private int _count;

        public int Subscribers => _changed?.GetInvocationList().Length ?? 0;

        public bool NeedsAttention => true;

        public ValueTask<int> CountAsync(CancellationToken cancellation) => ValueTask.FromResult(_count);

        public void Set(int count)
        {
            _count = count;
            _changed?.Invoke();
        }

        public IDisposable Subscribe(Action changed)
        {
            _changed += changed;
            return new Ending(() => _changed -= changed);
        }

        private sealed class Ending(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
