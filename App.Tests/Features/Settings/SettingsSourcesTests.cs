using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsSourcesTests : IDisposable
{
    private readonly TestFolder _root = new();
    private WebApplication? _app;

    public SettingsSourcesTests() => Directory.CreateDirectory(_root["conf.d"]);

    [Fact]
    public void Layers_EachOverTheOneBelow_TheLastWinsAndIsNamed()
    {
        Write("appsettings.json", """{ "Probe": { "Size": 20, "Color": "blue", "Pause": "00:00:01", "Deep": { "Word": "file" } } }""");
        Write("conf.d/10-a.yaml", "Probe:\n  Size: 30\n  Color: red\n");
        Write("conf.d/20-b.env", "Probe__Size=40\n");
        var app = Start("--Probe:Deep:Word=command");
        app.Services.GetRequiredService<DatabaseSettingsProvider>().Replace(new Dictionary<string, string?> { ["Probe:Pause"] = "00:00:02", ["Probe:Deep:Word"] = "database" });
        var options = Options(app).CurrentValue;
        (options.Size, options.Color, options.Pause, options.Deep.Word).ShouldBe((40, "red", TimeSpan.FromSeconds(2), "command"));
        var configuration = app.Configuration;
        SettingOrigin.Of(configuration, "Probe:Size").ShouldBe(new SettingOrigin(SettingSource.File, Path.Combine("conf.d", "20-b.env"), "40"));
        SettingOrigin.Of(configuration, "Probe:Color").File.ShouldBe(Path.Combine("conf.d", "10-a.yaml"));
        SettingOrigin.Of(configuration, "Probe:Pause").Source.ShouldBe(SettingSource.Database);
        SettingOrigin.Of(configuration, "Probe:Deep:Word").Source.ShouldBe(SettingSource.CommandLine);
        SettingOrigin.Of(configuration, "Probe:Password").Source.ShouldBe(SettingSource.Default);
    }

    [Fact]
    public async Task File_ChangedAddedAndRemoved_ReachesRunningCode()
    {
        Write("conf.d/a.json", """{ "Probe": { "Size": 2 } }""");
        var options = Options(Start());
        options.CurrentValue.Size.ShouldBe(2);
        Write("conf.d/a.json", """{ "Probe": { "Size": 3 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 3);
        Write("conf.d/b.env", "Probe__Size=4");
        await Eventually.Holds(() => options.CurrentValue.Size == 4);
        File.Delete(_root["conf.d/b.env"]);
        await Eventually.Holds(() => options.CurrentValue.Size == 3);
        Write("appsettings.json", """{ "Probe": { "Color": "new" } }""");
        await Eventually.Holds(() => options.CurrentValue.Color == "new");
    }

    [Fact]
    public async Task File_FolderComesLater_IsRead()
    {
        Directory.Delete(_root["conf.d"]);
        var options = Options(Start());
        Directory.CreateDirectory(_root["conf.d"]);
        Write("conf.d/a.json", """{ "Probe": { "Size": 7 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 7);
    }

    [Fact]
    public async Task File_Breaks_KeepsItsLastGoodValuesAndSaysSo()
    {
        Write("conf.d/a.json", """{ "Probe": { "Size": 5 } }""");
        Write("conf.d/b.yaml", "Probe:\n  Color: red\n");
        var app = Start();
        var options = Options(app);
        var status = app.Services.GetRequiredService<SettingsStatus>();
        var health = new SettingsHealthCheck(status);
        (await health.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
        Write("conf.d/a.json", """{ "Probe": { "Size": """);
        await Eventually.Holds(() => status.Problems.Count == 1);
        status.Problems[0].Source.ShouldBe(Path.Combine("conf.d", "a.json"));
        var result = await health.CheckHealthAsync(new HealthCheckContext());
        result.Status.ShouldBe(HealthStatus.Degraded);
        result.Description.ShouldNotBeNull().ShouldContain("a.json");
        options.CurrentValue.Size.ShouldBe(5);
        Write("conf.d/b.yaml", "Probe:\n  Color: blue\n");
        await Eventually.Holds(() => options.CurrentValue.Color == "blue");
        options.CurrentValue.Size.ShouldBe(5);
        Write("conf.d/a.json", """{ "Probe": { "Size": 6 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 6);
        status.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{ \"Probe\": { \"Size\": 1000 } }", "1000")]
    [InlineData("{ \"Probe\": { \"Size\": \"many\" } }", "many")]
    [InlineData("{ \"Probe\": { \"Deep\": { \"Word\": \"\" } } }", "Probe:Deep:Word")]
    public async Task Value_BecomesInvalid_LastGoodOptionsStayAndItSaysSo(string content, string named)
    {
        Write("conf.d/a.json", """{ "Probe": { "Size": 5, "Deep": { "Word": "good" } } }""");
        var app = Start();
        var options = Options(app);
        options.CurrentValue.Size.ShouldBe(5);
        var changes = 0;
        using var subscription = options.OnChange(_ => Interlocked.Increment(ref changes));
        var status = app.Services.GetRequiredService<SettingsStatus>();
        Write("conf.d/a.json", content);
        await Eventually.Holds(() => status.Problems.Any(p => p.Source == "Probe" && p.Message.Contains(named, StringComparison.Ordinal)));
        (options.CurrentValue.Size, options.CurrentValue.Deep.Word).ShouldBe((5, "good"));
        Write("conf.d/a.json", """{ "Probe": { "Size": 8 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 8);
        status.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{ \"Probe\": { \"Size\": 1000 } }", "Probe:Size is '1000' (appsettings.json)")]
    [InlineData("{ \"Probe\": { \"Size\": \"many\" } }", "'many' at 'Probe:Size'")]
    public async Task Start_InvalidValue_OneLineNamesTheKeyAndTheRemedy(string content, string expected)
    {
        Write("appsettings.json", content);
        var app = Start();
        var failure = await Should.ThrowAsync<StartupException>(() => app.StartAsync());
        failure.Message.ShouldContain(expected);
        failure.Message.ShouldContain("Correct it");
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Start_BrokenFile_IsRefused()
    {
        Write("conf.d/a.yaml", "Probe: [");
        Should.Throw<StartupException>(() => Start()).Message.ShouldContain("a.yaml");
    }

    [Fact]
    public async Task Change_AListenerThrows_TheValuesStandAndTheNextChangeComes()
    {
        Write("conf.d/a.json", """{ "Probe": { "Size": 2 } }""");
        var app = Start();
        var options = Options(app);
        using var subscription = options.OnChange(_ => throw new InvalidOperationException("broken listener"));
        Write("conf.d/a.json", """{ "Probe": { "Size": 3 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 3);
        Write("conf.d/a.json", """{ "Probe": { "Size": 4 } }""");
        await Eventually.Holds(() => options.CurrentValue.Size == 4);
    }

    public void Dispose()
    {
        (_app as IDisposable)?.Dispose();
        _root.Dispose();
    }

    private WebApplication Start(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0", .. args], ContentRootPath = _root.Path });
        builder.AddSettingsSources(_root.Path, TimeProvider.System);
        new Portal(builder).Settings<ProbeOptions>("Probe");
        return _app = builder.Build();
    }

    private static IOptionsMonitor<ProbeOptions> Options(WebApplication app) => app.Services.GetRequiredService<IOptionsMonitor<ProbeOptions>>();

    private void Write(string name, string content) => File.WriteAllText(_root[name], content);
}
