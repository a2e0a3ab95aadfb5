using System.Text;
using System.Text.Json;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using Microsoft.AspNetCore.Builder;
using static BlazorAdmin.Tests.Features.Settings.SettingsNodes;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsBatchTests : IAsyncLifetime
{
    private readonly SettingsNodes _nodes = new();

    public Task InitializeAsync() => _nodes.InitializeAsync();

    public Task DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Apply_SeveralSettings_OneBatchInHistoryOneAuditRow()
    {
        var node = await _nodes.StartAsync("node");
        var outcome = await ManageAsync(node, s => s.ApplyAsync([new("Probe:Size", "20"), new("Probe:Color", "red"), new("Probe:Names:0", "x")], "a reason"));
        outcome.IsDone.ShouldBeTrue();
        (Options(node).Size, Options(node).Color, Options(node).Names[0]).ShouldBe((20, "red", "x"));
        await using var db = _nodes.Open();
        var changes = await db.Set<SettingChange>().ToListAsync();
        changes.Count.ShouldBe(3);
        changes.ShouldAllBe(c => c.Batch == outcome.Batch && c.Reason == "a reason" && c.ChangedBy != null && c.OldValue == null);
        var audit = await db.Set<AuditEntry>().SingleAsync(a => a.Action == "settings.apply");
        audit.Count.ShouldBe(3);
        audit.Detail.ShouldNotBeNull().ShouldSatisfyAllConditions(d => d.ShouldContain("Probe:Size"), d => d.ShouldContain("a reason"));
    }

    [Fact]
    public async Task Apply_ChangedMeanwhile_TheSecondSeesItAndNothingIsLost()
    {
        var node = await _nodes.StartAsync("node");
        var opened = (await ReadAsync(node)).Single(v => v.Key == "Probe:Size");
        (await ApplyAsync(node, new SettingEdit("Probe:Size", "20", opened.Version))).IsDone.ShouldBeTrue();
        var outcome = await ApplyAsync(node, new SettingEdit("Probe:Color", "red"), new SettingEdit("Probe:Size", "30", opened.Version));
        var issue = outcome.Issues.ShouldHaveSingleItem();
        (issue.Key, issue.Fault, issue.Arguments[0]).ShouldBe(("Probe:Size", SettingFault.Changed, "20"));
        (Options(node).Size, Options(node).Color).ShouldBe((20, "green"));
        var now = (await ReadAsync(node)).Single(v => v.Key == "Probe:Size");
        (await ApplyAsync(node, new SettingEdit("Probe:Size", "30", now.Version))).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Apply_ManyAtOnceWithTheSameView_ExactlyOneIsDone()
    {
        var (one, two) = (await _nodes.StartAsync("one"), await _nodes.StartAsync("two"));
        var outcomes = await Task.WhenAll(Enumerable.Range(20, 8).Select(i => ApplyAsync(i % 2 == 0 ? one : two, new SettingEdit("Probe:Size", $"{i}", 0))));
        outcomes.Count(o => o.IsDone).ShouldBe(1);
        outcomes.Where(o => !o.IsDone).ShouldAllBe(o => o.Issues[0].Fault == SettingFault.Changed);
        await using var db = _nodes.Open();
        (await db.Set<SettingChange>().CountAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData("", SettingFault.ReasonMissing)]
    [InlineData("  ", SettingFault.ReasonMissing)]
    public async Task Apply_WithoutReason_IsRefused(string reason, SettingFault fault)
    {
        var node = await _nodes.StartAsync("node");
        (await ManageAsync(node, s => s.ApplyAsync([new("Probe:Size", "20")], reason))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(fault);
        (await ManageAsync(node, s => s.ApplyAsync([new("Probe:Size", "20")], new string('x', 501)))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.ReasonTooLong);
    }

    [Fact]
    public async Task Apply_SameValueAgain_NothingToDo()
    {
        var node = await _nodes.StartAsync("node");
        await SetAsync(node, "Probe:Size", "20");
        (await SetAsync(node, "Probe:Size", "20")).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.NothingToDo);
        (await ApplyAsync(node, new SettingEdit("Probe:Size", "21"), new SettingEdit("probe:size", "22"))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.Twice);
    }

    [Fact]
    public async Task Rollback_Batch_GivesBackWhatWasAndIsItselfInTheHistory()
    {
        File.WriteAllText(_nodes.Root["appsettings.json"], """{ "Probe": { "Color": "blue" } }""");
        var node = await _nodes.StartAsync("node");
        await SetAsync(node, "Probe:Size", "20");
        var batch = (await ApplyAsync(node, new SettingEdit("Probe:Size", "30"), new SettingEdit("Probe:Color", "red"))).Batch!.Value;
        var plan = await ManageAsync(node, s => s.PlanRollbackAsync(batch));
        plan.CanApply.ShouldBeTrue();
        plan.Lines.Select(l => (l.Key, l.From, l.To, l.ToFile)).ShouldBe([("Probe:Size", "30", "20", null), ("Probe:Color", "red", "blue", "appsettings.json")]);
        var versions = plan.Lines.ToDictionary(l => l.Key, l => l.Version);

        await SetAsync(node, "Probe:Size", "40");
        (await ManageAsync(node, s => s.RollbackAsync(batch, "back", versions))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.Changed);
        Options(node).Size.ShouldBe(40);
        (await ManageAsync(node, s => s.RollbackAsync(batch, "back"))).IsDone.ShouldBeTrue();
        (Options(node).Size, Options(node).Color).ShouldBe((20, "blue"));
        (await ManageAsync(node, s => s.RollbackAsync(batch, "again"))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.NothingToDo);
        (await ManageAsync(node, s => s.RollbackAsync(Guid.NewGuid(), "back"))).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.NoSuchBatch);

        var page = await WithAsync<SettingsHistory, BlazorAdmin.Shell.Lists.ListPage<SettingChangeRow>>(node, h => h.ListAsync(SettingsHistory.Defaults, default), SettingsPermissions.Read);
        page.Rows.Count.ShouldBe(6);
        page.Rows.Take(2).ShouldAllBe(row => row.Reason == "back");
        var found = await WithAsync<SettingsHistory, BlazorAdmin.Shell.Lists.ListPage<SettingChangeRow>>(node, h => h.ListAsync(SettingsHistory.Defaults.WithSearch("COLOR"), default), SettingsPermissions.Read);
        found.Rows.ShouldAllBe(row => row.Key == "Probe:Color");
        var together = await WithAsync<SettingsHistory, IReadOnlyList<SettingChangeRow>>(node, h => h.BatchOfAsync(found.Rows[^1].Id, default), SettingsPermissions.Read);
        together.Select(row => row.Key).ShouldBe(["Probe:Size", "Probe:Color"]);
    }

    [Fact]
    public async Task Export_ThenImportElsewhere_GivesTheSameWithoutSecrets()
    {
        var node = await _nodes.StartAsync("node");
        await ApplyAsync(node, new SettingEdit("Probe:Size", "20"), new SettingEdit("Probe:Password", "s3cret"), new SettingEdit("Probe:Names:0", "a"));
        var exported = await WithAsync<SettingsService, IReadOnlyDictionary<string, string?>>(node, s => s.ExportAsync(), SettingsPermissions.Read);
        exported.ShouldBe(new Dictionary<string, string?> { ["Probe:Names:0"] = "a", ["Probe:Size"] = "20" }, ignoreOrder: true);
        await ApplyAsync(node, new SettingEdit("Probe:Size", "50"), new SettingEdit("Probe:Names:0", null));

        var (edits, plan) = await ManageAsync(node, s => s.PlanImportAsync("settings.json", JsonSerializer.SerializeToUtf8Bytes(exported)));
        plan.CanApply.ShouldBeTrue();
        plan.Lines.Select(l => (l.Key, l.From, l.To)).ShouldBe([("Probe:Names:0", null, "a"), ("Probe:Size", "50", "20")], ignoreOrder: true);
        (await ManageAsync(node, s => s.ApplyAsync(edits, "from a file", SettingsCommand.Import))).IsDone.ShouldBeTrue();
        (Options(node).Size, Options(node).Names[0], Options(node).Password).ShouldBe((20, "a", "s3cret"));
        await using var db = _nodes.Open();
        (await db.Set<AuditEntry>().Select(a => a.Action).ToListAsync()).ShouldBe(["settings.apply", "settings.export", "settings.apply", "settings.import"]);
    }

    [Theory]
    [InlineData("a.yaml", "Probe:\n  Size: 20\n  Color: red\n  Wrong: 1\n", SettingFault.Unknown)]
    [InlineData("a.json", """{ "Probe": { "Size": 2000, "Color": "red" } }""", SettingFault.OutOfRange)]
    [InlineData("a.json", """{ "Probe": { "Size": """, SettingFault.BadFile)]
    [InlineData("a.env", "Probe__Color=$PATH", SettingFault.BadFile)]
    [InlineData("a.exe", "Probe:\n  Color: red\n", SettingFault.BadFile)]
    public async Task Import_OneThingWrong_IsRefusedAsAWhole(string name, string content, SettingFault fault)
    {
        var node = await _nodes.StartAsync("node");
        var (edits, plan) = await ManageAsync(node, s => s.PlanImportAsync(name, Encoding.UTF8.GetBytes(content)));
        plan.CanApply.ShouldBeFalse();
        plan.Issues.ShouldContain(issue => issue.Fault == fault);
        if (edits.Count > 0) (await ManageAsync(node, s => s.ApplyAsync(edits, "anyway", SettingsCommand.Import))).IsDone.ShouldBeFalse();
        await using var db = _nodes.Open();
        (await db.Set<SettingOverride>().AnyAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task List_EditedAsLines_ChangesAddsAndTakesAway()
    {
        File.WriteAllText(_nodes.Root["appsettings.json"], """{ "Probe": { "Names": ["a"] } }""");
        var node = await _nodes.StartAsync("node");
        await WriteAsync(node, "x\ny\nz");
        Options(node).Names.ShouldBe(["x", "y", "z"]);
        await WriteAsync(node, "x\nz");
        Options(node).Names.ShouldBe(["x", "z"]);
        var issues = SettingLines.Read(await NamesAsync(node), "").Issues;
        (issues.ShouldHaveSingleItem().Fault, issues[0].Arguments[1]).ShouldBe((SettingFault.BelowStays, ""));
        var draft = new SettingsDraft();
        draft.Reset(await NamesAsync(node));
        (await ApplyAsync(node, [.. draft.Read().Edits])).IsDone.ShouldBeTrue();
        Options(node).Names.ShouldBe(["a"]);
        SettingLines.Read(await NamesAsync(node), "").Issues.ShouldHaveSingleItem().Arguments.ShouldBe(["a", "appsettings.json"]);
    }

    [Fact]
    public async Task Files_OneRefused_IsListedWithTheReason()
    {
        Directory.CreateDirectory(_nodes.Root["conf.d"]);
        File.WriteAllText(_nodes.Root["conf.d/a.json"], """{ "Probe": { "Size": 5, "Color": "red" } }""");
        var node = await _nodes.StartAsync("node");
        File.WriteAllText(_nodes.Root["conf.d/a.json"], """{ "Probe": """);
        await Eventually.Holds(async () => (await FilesAsync(node))[0].Problem is not null);
        var file = (await FilesAsync(node)).ShouldHaveSingleItem();
        (file.Name, file.Values).ShouldBe((Path.Combine("conf.d", "a.json"), 2));
        file.Problem!.Message.ShouldNotBeEmpty();
        Options(node).Size.ShouldBe(5);
    }

    private static Task<IReadOnlyList<SettingsFile>> FilesAsync(WebApplication node) => WithAsync<SettingsService, IReadOnlyList<SettingsFile>>(node, s => s.FilesAsync(), SettingsPermissions.Read);

    private static async Task<SettingValue> NamesAsync(WebApplication node) => (await ReadAsync(node)).Single(v => v.Key == "Probe:Names");

    private static async Task WriteAsync(WebApplication node, string text)
    {
        var (edits, issues) = SettingLines.Read(await NamesAsync(node), text);
        issues.ShouldBeEmpty();
        (await ApplyAsync(node, [.. edits])).IsDone.ShouldBeTrue();
    }
}
