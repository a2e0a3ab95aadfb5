using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>Nodes with flags on one database, and people who act on them.</summary>
public sealed class FlagNodes : IAsyncLifetime
{
    private readonly List<WebApplication> _nodes = [];
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    public AppDbContext Open() => new TestDatabases(_database.ConnectionString).CreateDbContext();

    public async Task<WebApplication> StartAsync(string name, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"] });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(new NodeInfo(name, Guid.NewGuid(), DateTimeOffset.UtcNow));
        builder.Services.AddSingleton(TestDatabases.Dialect);
        builder.Services.AddSingleton<DatabaseState>();
        builder.Services.AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(_database.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance)));
        builder.Services.AddScoped(services => new CurrentCaller(null!, services));
        builder.Services.AddScoped<Guard>();
        builder.Services.AddLocalization().AddSingleton<SliceTexts>();
        new Portal(builder).AddLive().AddFlags().Topic<AccessChanged>("access").Flag("declared.on", typeof(FlagsTexts), "Flag").Flag("declared.off", typeof(FlagsTexts), "Flag", on: false);
        var node = builder.Build();
        _nodes.Add(node);
        node.Services.GetRequiredService<DatabaseState>().SetReady();
        await node.StartAsync();
        return node;
    }

    public static Task<FlagResult> CreateAsync(WebApplication node, string key, FlagDefinition definition, bool enabled = true) =>
        ManageAsync(node, flags => flags.CreateAsync(key, enabled, new FlagForm(null, definition, null), default));

    public static async Task<T> ManageAsync<T>(WebApplication node, Func<FlagsService, Task<T>> work)
    {
        await using var scope = node.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new Caller(Guid.NewGuid(), null, "Ada", AppDbContext.DefaultTenant, null, new[] { FlagsPermissions.Read, FlagsPermissions.Manage }.ToFrozenSet()));
        return await work(scope.ServiceProvider.GetRequiredService<FlagsService>());
    }

    public static FlagDecision Decide(WebApplication node, string key, Guid? person = null) => node.Services.GetRequiredService<FlagEvaluator>().Decide(FlagBench.Person(person ?? Guid.NewGuid()), key);
}
