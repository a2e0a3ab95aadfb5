using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Dashboard;

/// <summary>One person's circuit on a real database, with three widgets: two plain ones and one that can be configured.</summary>
internal sealed class DashboardContext : IAsyncDisposable
{
    private readonly string _connection;
    private readonly Topic<AccessChanged> _access = new("access", new RecordingBus(), NullLogger<Topic<AccessChanged>>.Instance);

    public DashboardContext(string connection, params string[] permissions)
    {
        _connection = connection;
        Person = AddPerson(permissions);
        Page = new ShellContext();
        Register(Page.Services);
    }

    public ShellContext Page { get; }

    public Caller Person { get; }

    public Topic<DashboardChanged> Changes { get; } = new("dashboards", new RecordingBus(), NullLogger<Topic<DashboardChanged>>.Instance);

    /// <summary>The same person's services in another window.</summary>
    public Dashboards Elsewhere => Page.Services.GetRequiredService<Dashboards>();

    public int Listeners => Changes.SubscriberCount + _access.SubscriberCount;

    public IRenderedComponent<DashboardPage> Open(string address = "/")
    {
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Page.Render<DashboardPage>();
    }

    public async Task<IRenderedComponent<DashboardPage>> EditAsync()
    {
        var page = Open("/?edit=1");
        await Eventually.Holds(() => page.FindAll("[data-undo]").Count == 1);
        return page;
    }

    public async Task<IReadOnlyList<BoardItem>> KeptAsync() => (await Elsewhere.OpenAsync(null)).Layout.Items;

    public async Task ChangeRowsAsync(Func<IQueryable<DashboardBoard>, Task> change)
    {
        await using var db = new TestDatabases(_connection).CreateDbContext();
        await change(db.Set<DashboardBoard>().Where(b => b.OwnerId == Person.PersonId));
    }

    public async Task AddRoleAsync(string name)
    {
        await using var db = new TestDatabases(_connection).CreateDbContext();
        using var engine = AuditScope.EngineOwn();
        db.Add(new Role { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = name, NormalizedName = name.ToUpperInvariant() });
        await db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => Page.DisposeAsync();

    private void Register(IServiceCollection services)
    {
        services.AddSingleton(_access).AddSingleton(Changes).AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(_connection));
        services.AddScoped(provider =>
        {
            var current = new CurrentCaller(null!, provider);
            current.Use(Person);
            return current;
        });
        services.AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<DashboardWidgets>().AddScoped<Dashboards>().AddScoped<RoleDashboards>();
        services.AddSingleton(Widget("a", "Name", 0));
        services.AddSingleton(Widget("b", "Roles", 1));
        services.AddSingleton(Widget("c", "Copy", 2) with
        {
            Component = typeof(ConfiguredWidget), DescriptionKey = "AboutHealth",
            Settings = [WidgetSetting.Number("rows", "Reset", 3, 20, 6), WidgetSetting.Toggle("failures", "OnlyProblems"), WidgetSetting.Choice("range", "BeginWith", new("1", "StartEmpty"), new("5", "StartCopy"))],
        });
        services.AddSingleton(Widget("secret", "Delete", 3) with { Permission = "secret.read" });
    }

    private static DashboardWidget Widget(string id, string titleKey, int order) => new(id, typeof(DashboardTexts), titleKey, typeof(PlainWidget), null, 4, order) { Height = 3 };

    private Caller AddPerson(string[] permissions)
    {
        using var db = new TestDatabases(_connection).CreateDbContext();
        using var engine = AuditScope.EngineOwn();
        var name = $"Olga {Guid.NewGuid():N}";
        var user = new User { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name, CreatedAt = DateTimeOffset.UtcNow };
        db.Add(user);
        db.SaveChanges();
        return new Caller(user.Id, null, name, AppDbContext.DefaultTenant, null, permissions.ToFrozenSet());
    }

    internal sealed class PlainWidget : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "plain");
    }

    internal sealed class ConfiguredWidget : ComponentBase
    {
        [Parameter] public WidgetSettings? Settings { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"rows {Settings!["rows"]}, failures {Settings["failures"]}, range {Settings["range"]}");
    }
}
