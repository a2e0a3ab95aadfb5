using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsServiceTests : IAsyncLifetime
{
    private readonly TestFolder _root = new();
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
        _root.Dispose();
    }

    [Fact]
    public async Task SetAsync_GoodValue_HoldsAtOnceHereAndSoonOnAnotherNode()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await Eventually.Holds(() => one.Services.GetRequiredService<NodeBus>().IsConnected && two.Services.GetRequiredService<NodeBus>().IsConnected);
        (await SetAsync(one, "probe:size", "55")).IsDone.ShouldBeTrue();
        Options(one).Size.ShouldBe(55);
        await Eventually.Holds(() => Options(two).Size == 55);
        (await RemoveAsync(two, "Probe:Size")).IsDone.ShouldBeTrue();
        Options(two).Size.ShouldBe(10);
        await Eventually.Holds(() => Options(one).Size == 10);
    }

    [Fact]
    public async Task SetAsync_StartedLater_TheValueHoldsThere()
    {
        var one = await StartAsync("one");
        await SetAsync(one, "Probe:Color", "violet");
        var two = await StartAsync("two");
        await Eventually.Holds(() => Options(two).Color == "violet");
    }

    [Theory]
    [InlineData("Probe:Size", "1000", "between 1 and 100")]
    [InlineData("Probe:Size", "many", "many")]
    [InlineData("Probe:Deep:Word", "", "required")]
    [InlineData("Probe:Unknown", "1", "no setting")]
    [InlineData("ConnectionStrings:Postgres", "x", "no setting")]
    public async Task SetAsync_BadKeyOrValue_IsRefusedAndNothingChanges(string key, string value, string problem)
    {
        var node = await StartAsync("node");
        var outcome = await SetAsync(node, key, value);
        outcome.IsDone.ShouldBeFalse();
        outcome.Problems.ShouldHaveSingleItem().ShouldContain(problem);
        await using var db = new TestDatabases(_database.ConnectionString).CreateDbContext();
        (await db.Set<SettingOverride>().AnyAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task SetAsync_EnvironmentSaysOtherwise_IsKeptAndSaysThatItIsShadowed()
    {
        var node = await StartAsync("node", "--Probe:Size=33");
        var outcome = await SetAsync(node, "Probe:Size", "44");
        (outcome.IsDone, outcome.IsShadowed).ShouldBe((true, true));
        Options(node).Size.ShouldBe(33);
        var value = (await ReadAsync(node)).Single(v => v.Key == "Probe:Size");
        (value.Value, value.Source, value.IsOverridden).ShouldBe(("33", SettingSource.CommandLine, true));
    }

    [Fact]
    public async Task SetAsync_Secret_IsEncryptedAppliedAndNeverShown()
    {
        var node = await StartAsync("node");
        (await SetAsync(node, "Probe:Password", "s3cret")).IsDone.ShouldBeTrue();
        Options(node).Password.ShouldBe("s3cret");
        var value = (await ReadAsync(node)).Single(v => v.Key == "Probe:Password");
        (value.Value, value.IsSecret, value.Source).ShouldBe((null, true, SettingSource.Database));
        await using var db = new TestDatabases(_database.ConnectionString).CreateDbContext();
        (await db.Set<SettingOverride>().SingleAsync()).Value.ShouldNotBeNull().ShouldNotContain("s3cret");
        var audit = await db.Set<AuditEntry>().SingleAsync(a => a.Action == "settings.set");
        $"{audit.Before} {audit.After} {audit.Detail}".ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task ReadAsync_Sections_ListsKeysWithValueDefaultAndSource()
    {
        File.WriteAllText(_root["appsettings.json"], """{ "Probe": { "Size": 12, "Names": ["a", "b"] } }""");
        var node = await StartAsync("node");
        var values = (await ReadAsync(node)).ToDictionary(v => v.Key);
        values["Probe:Size"].ShouldBe(new SettingValue("Probe", "Probe:Size", "12", "10", SettingSource.File, "appsettings.json", false, false));
        values["Probe:Color"].ShouldBe(new SettingValue("Probe", "Probe:Color", "green", "green", SettingSource.Default, null, false, false));
        values["Probe:Deep:Word"].Default.ShouldBe("word");
        values["Probe:Names:1"].Value.ShouldBe("b");
    }

    [Fact]
    public async Task ReadSetRemove_WithoutPermission_IsRefused()
    {
        var node = await StartAsync("node");
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync(node, s => s.ReadAsync()));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync(node, s => s.SetAsync("Probe:Size", "5"), SettingsPermissions.Read));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync(node, s => s.RemoveAsync("Probe:Size"), SettingsPermissions.Read));
    }

    [Fact]
    public async Task Loader_ValueThatNoLongerFits_LastGoodStays()
    {
        var node = await StartAsync("node");
        Options(node).Size.ShouldBe(10);
        await using (var db = new TestDatabases(_database.ConnectionString).CreateDbContext())
        {
            using var engine = AuditScope.EngineOwn();
            db.Add(new SettingOverride { Key = "Probe:Size", Value = "of an older version" });
            await db.SaveChangesAsync();
        }

        await node.Services.GetRequiredService<DatabaseSettingsLoader>().ReloadAsync(CancellationToken.None);
        Options(node).Size.ShouldBe(10);
        node.Services.GetRequiredService<SettingsStatus>().Problems.ShouldHaveSingleItem().Source.ShouldBe("Probe");
    }

    private async Task<WebApplication> StartAsync(string name, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0", .. args], ContentRootPath = _root.Path });
        builder.AddSettingsSources(_root.Path, TimeProvider.System);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new NodeInfo(name, Guid.NewGuid(), DateTimeOffset.UtcNow));
        builder.Services.AddSingleton(TestDatabases.Dialect);
        builder.Services.AddSingleton<DatabaseState>();
        builder.Services.AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(_database.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance)));
        builder.Services.AddSingleton<RootKey>();
        builder.Services.AddSingleton<SecretBox>();
        builder.Services.AddScoped(services => new CurrentCaller(null!, services));
        builder.Services.AddScoped<Guard>();
        new Portal(builder).AddLive().AddSettings().Settings<ProbeOptions>("Probe");
        var node = builder.Build();
        _nodes.Add(node);
        node.Services.GetRequiredService<RootKey>().Load(new byte[RootKey.Length]);
        node.Services.GetRequiredService<DatabaseState>().SetReady();
        await node.StartAsync();
        return node;
    }

    private static ProbeOptions Options(WebApplication node) => node.Services.GetRequiredService<IOptionsMonitor<ProbeOptions>>().CurrentValue;

    private static Task<SettingOutcome> SetAsync(WebApplication node, string key, string value) => WithAsync(node, s => s.SetAsync(key, value, "test"), SettingsPermissions.Manage);

    private static Task<SettingOutcome> RemoveAsync(WebApplication node, string key) => WithAsync(node, s => s.RemoveAsync(key, "test"), SettingsPermissions.Manage);

    private static Task<IReadOnlyList<SettingValue>> ReadAsync(WebApplication node) => WithAsync(node, s => s.ReadAsync(), SettingsPermissions.Read);

    private static async Task<T> WithAsync<T>(WebApplication node, Func<SettingsService, Task<T>> work, params string[] permissions)
    {
        await using var scope = node.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new Caller(Guid.NewGuid(), null, "Ada", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        return await work(scope.ServiceProvider.GetRequiredService<SettingsService>());
    }
}
