using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>What an open page shows by a flag changes over while it is open.</summary>
public sealed class FeatureFlagTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly Topic<FlagsRenewed> _renewed = TestFlags.Topic<FlagsRenewed>();
    private FlagStore _store = null!;

    public Task InitializeAsync()
    {
        var databases = new TestDatabases(database.ConnectionString);
        _store = new FlagStore(databases, _renewed, NullLogger<FlagStore>.Instance);
        var current = new CurrentCaller(null!, _context.Services);
        current.Use(new Caller(Guid.NewGuid(), null, "Ada", AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty));
        _context.Services.AddSingleton(_renewed).AddSingleton(TestFlags.Topic<AccessChanged>()).AddScoped<PageVisibility>();
        _context.Services.AddSingleton(new FeatureFlags(new FlagEvaluator(_store, new FlagCatalog([]), new FlagExposures(), TimeProvider.System), current));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task Flag_ChangesWhileThePageIsOpen_TheOtherSideIsDrawn()
    {
        var id = await StoreAsync("page.part", FlagDefinition.OnOff, null);
        await _store.ReadAsync(default);
        var page = _context.Render<FeatureFlag>(p => p.Add(f => f.Key, "page.part").Add(f => f.On, "<p>new</p>").Add(f => f.Off, "<p>old</p>").Add(f => f.Given, given => $"<i>{given.Variant}</i>"));
        page.WaitForAssertion(() => page.Find("p").TextContent.ShouldBe("new"));

        await StoreAsync("page.part", FlagDefinition.OnOff with { Default = "off" }, id);
        await _store.ReadAsync(default);

        page.WaitForAssertion(() => page.Find("p").TextContent.ShouldBe("old"));
        page.Find("i").TextContent.ShouldBe("off");
        _renewed.SubscriberCount.ShouldBe(1);
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
        _renewed.SubscriberCount.ShouldBe(0);
    }

    [Fact]
    public void Flag_Unknown_DrawsWhatIsForOff()
    {
        var page = _context.Render<FeatureFlag>(p => p.Add(f => f.Key, "no.such").Add(f => f.On, "<p>new</p>").Add(f => f.Off, "<p>old</p>"));

        page.Find("p").TextContent.ShouldBe("old");
    }

    private async Task<Guid> StoreAsync(string key, FlagDefinition definition, Guid? id)
    {
        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        using var engine = BlazorAdmin.Features.Audit.AuditScope.EngineOwn();
        var flag = id is null ? FlagBench.Row(definition, key) : await db.Set<Flag>().SingleAsync(f => f.Id == id);
        if (id is null) db.Add(flag);
        else (flag.Definition, flag.Version) = (definition.ToJson(), flag.Version + 1);
        await db.SaveChangesAsync();
        return flag.Id;
    }
}
