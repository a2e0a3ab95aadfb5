using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Settings;

/// <summary>Nodes with the section <c>Probe</c> on one database, and people who act on them.</summary>
public sealed class SettingsNodes : IAsyncLifetime
{
    private readonly List<WebApplication> _nodes = [];
    private TestDatabase _database = null!;

    public TestFolder Root { get; } = new();

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }

        await _database.DisposeAsync();
        Root.Dispose();
    }

    public AppDbContext Open() => new TestDatabases(_database.ConnectionString).CreateDbContext();

    public async Task<WebApplication> StartAsync(string name, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0", .. args], ContentRootPath = Root.Path });
        builder.AddSettingsSources(Root.Path, TimeProvider.System);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new NodeInfo(name, Guid.NewGuid(), DateTimeOffset.UtcNow));
        builder.Services.AddSingleton(TestDatabases.Dialect);
        builder.Services.AddSingleton<DatabaseState>();
        builder.Services.AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(_database.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance)));
        builder.Services.AddSingleton<RootKey>();
        builder.Services.AddSingleton<SecretBox>();
        builder.Services.AddScoped(services => new CurrentCaller(null!, services));
        builder.Services.AddScoped<Guard>();
        builder.Services.AddSingleton<BlazorAdmin.Features.Account.Factors.FactorRule>().AddSingleton<BlazorAdmin.Features.Account.Factors.RecentProof>();
        new Portal(builder).AddLive().AddSettings().Settings<ProbeOptions>("Probe");
        var node = builder.Build();
        _nodes.Add(node);
        node.Services.GetRequiredService<RootKey>().Load(new byte[RootKey.Length]);
        node.Services.GetRequiredService<DatabaseState>().SetReady();
        await node.StartAsync();
        return node;
    }

    public static ProbeOptions Options(WebApplication node) => node.Services.GetRequiredService<IOptionsMonitor<ProbeOptions>>().CurrentValue;

    public static Task<SettingOutcome> SetAsync(WebApplication node, string key, string value) => ApplyAsync(node, new SettingEdit(key, value));

    public static Task<SettingOutcome> RemoveAsync(WebApplication node, string key) => ApplyAsync(node, new SettingEdit(key, null));

    public static Task<SettingOutcome> ApplyAsync(WebApplication node, params SettingEdit[] edits) => ManageAsync(node, s => s.ApplyAsync(edits, "test"));

    public static Task<IReadOnlyList<SettingValue>> ReadAsync(WebApplication node) => WithAsync<SettingsService, IReadOnlyList<SettingValue>>(node, s => s.ReadAsync(), SettingsPermissions.Read);

    public static Task<T> ManageAsync<T>(WebApplication node, Func<SettingsService, Task<T>> work) => WithAsync(node, work, SettingsPermissions.Manage);

    public static async Task<T> WithAsync<TService, T>(WebApplication node, Func<TService, Task<T>> work, params string[] permissions) where TService : notnull
    {
        await using var scope = node.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new Caller(Guid.NewGuid(), null, "Ada", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
