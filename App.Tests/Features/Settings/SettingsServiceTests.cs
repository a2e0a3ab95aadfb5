using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using static BlazorAdmin.Tests.Features.Settings.SettingsNodes;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsServiceTests : IAsyncLifetime
{
    private readonly SettingsNodes _nodes = new();

    public Task InitializeAsync() => _nodes.InitializeAsync();

    public Task DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Apply_GoodValue_HoldsAtOnceHereAndSoonOnAnotherNode()
    {
        var one = await _nodes.StartAsync("one");
        var two = await _nodes.StartAsync("two");
        await Eventually.Holds(() => one.Services.GetRequiredService<NodeBus>().IsConnected && two.Services.GetRequiredService<NodeBus>().IsConnected);
        (await SetAsync(one, "probe:size", "55")).IsDone.ShouldBeTrue();
        Options(one).Size.ShouldBe(55);
        await Eventually.Holds(() => Options(two).Size == 55);
        (await RemoveAsync(two, "Probe:Size")).IsDone.ShouldBeTrue();
        Options(two).Size.ShouldBe(10);
        await Eventually.Holds(() => Options(one).Size == 10);
    }

    [Fact]
    public async Task Apply_StartedLater_TheValueHoldsThere()
    {
        var one = await _nodes.StartAsync("one");
        await SetAsync(one, "Probe:Color", "violet");
        var two = await _nodes.StartAsync("two");
        await Eventually.Holds(() => Options(two).Color == "violet");
    }

    [Theory]
    [InlineData("Probe:Size", "1000", SettingFault.OutOfRange)]
    [InlineData("Probe:Size", "many", SettingFault.NotWhole)]
    [InlineData("Probe:Pause", "a while", SettingFault.Unreadable)]
    [InlineData("Probe:Deep:Word", "", SettingFault.Missing)]
    [InlineData("Probe:Color", "\0", SettingFault.Unreadable)]
    [InlineData("Probe:Unknown", "1", SettingFault.Unknown)]
    [InlineData("Probe:Names:x", "1", SettingFault.Unknown)]
    [InlineData("Probe:Names", "1", SettingFault.Unknown)]
    [InlineData("ConnectionStrings:Postgres", "x", SettingFault.Unknown)]
    [InlineData("Probe:Size", null, SettingFault.NotSet)]
    public async Task Apply_BadKeyOrValue_IsRefusedAndNothingChanges(string key, string? value, SettingFault fault)
    {
        var node = await _nodes.StartAsync("node");
        var outcome = await ApplyAsync(node, new SettingEdit(key == "Probe:Color" ? "Probe:Deep:Word" : "Probe:Color", "good"), new SettingEdit(key, value));
        outcome.IsDone.ShouldBeFalse();
        var issue = outcome.Issues.ShouldHaveSingleItem();
        (issue.Key, issue.Fault).ShouldBe((key, fault));
        await using var db = _nodes.Open();
        (await db.Set<SettingOverride>().AnyAsync()).ShouldBeFalse();
        (await db.Set<SettingChange>().AnyAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Apply_HalfOfASurrogatePair_IsRefused()
    {
        var node = await _nodes.StartAsync("node");
        (await SetAsync(node, "Probe:Color", "half " + '\ud83d')).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.Unreadable);
        (await SetAsync(node, "Probe:Color", "whole 🙂")).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Apply_ArgumentSaysOtherwise_IsReadOnlyAndNamesIt()
    {
        var node = await _nodes.StartAsync("node", "--Probe:Size=33");
        var issue = (await SetAsync(node, "Probe:Size", "44")).Issues.ShouldHaveSingleItem();
        (issue.Fault, issue.Arguments[0]).ShouldBe((SettingFault.Owned, "--Probe:Size"));
        Options(node).Size.ShouldBe(33);
        var value = (await ReadAsync(node)).Single(v => v.Key == "Probe:Size");
        (value.Value, value.Source, value.Owner, value.IsOverridden).ShouldBe(("33", SettingSource.CommandLine, "--Probe:Size", false));
    }

    [Fact]
    public async Task Apply_ArgumentSaysPartOfAList_TheListIsNotExtended()
    {
        var node = await _nodes.StartAsync("node", "--Probe:Names:0=a");
        var issue = (await SetAsync(node, "Probe:Names:1", "b")).Issues.ShouldHaveSingleItem();
        (issue.Key, issue.Fault, issue.Arguments[0]).ShouldBe(("Probe:Names:1", SettingFault.Owned, "--Probe:Names:0"));
        Options(node).Names.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Apply_Secret_IsEncryptedAppliedAndNeverShown()
    {
        var node = await _nodes.StartAsync("node");
        (await SetAsync(node, "Probe:Password", "s3cret")).IsDone.ShouldBeTrue();
        (await SetAsync(node, "Probe:Password", "n3wer")).IsDone.ShouldBeTrue();
        Options(node).Password.ShouldBe("n3wer");
        var value = (await ReadAsync(node)).Single(v => v.Key == "Probe:Password");
        (value.Value, value.IsSecret, value.IsSet, value.Source).ShouldBe((null, true, true, SettingSource.Database));
        await using var db = _nodes.Open();
        var stored = (await db.Set<SettingOverride>().SingleAsync()).Value!;
        var changes = await db.Set<SettingChange>().OrderBy(c => c.Id).ToListAsync();
        changes.ShouldAllBe(change => change.Encrypted);
        var audit = await db.Set<AuditEntry>().Where(a => a.Action == "settings.apply").ToListAsync();
        audit.Count.ShouldBe(2);
        foreach (var text in audit.SelectMany(a => new[] { a.Before, a.After, a.Detail }).Concat(changes.SelectMany(c => new[] { c.OldValue, c.NewValue })).Append(stored))
            (text ?? "").ShouldSatisfyAllConditions(t => t.ShouldNotContain("s3cret"), t => t.ShouldNotContain("n3wer"));
        var plan = await ManageAsync(node, s => s.PlanRollbackAsync(changes[1].Batch));
        plan.Lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(l => l.From.ShouldBeNull(), l => l.To.ShouldBeNull());
        (await ManageAsync(node, s => s.RollbackAsync(changes[1].Batch, "test"))).IsDone.ShouldBeTrue();
        Options(node).Password.ShouldBe("s3cret");
    }

    [Fact]
    public async Task Read_Sections_ListsKeysWithValueDefaultAndSource()
    {
        File.WriteAllText(_nodes.Root["appsettings.json"], """{ "Probe": { "Size": 12, "Names": ["a", "b"] } }""");
        var node = await _nodes.StartAsync("node");
        var values = (await ReadAsync(node)).ToDictionary(v => v.Key);
        var size = values["Probe:Size"];
        (size.Value, size.Default, size.Source, size.File, size.IsSecret, size.IsOverridden).ShouldBe(("12", "10", SettingSource.File, "appsettings.json", false, false));
        (size.Shape.Kind, size.Shape.Least, size.Shape.Most).ShouldBe((SettingKind.Whole, 1d, 100d));
        (values["Probe:Color"].Value, values["Probe:Color"].Source).ShouldBe(("green", SettingSource.Default));
        values["Probe:Deep:Word"].Default.ShouldBe("word");
        values["Probe:Names"].Value.ShouldBe("a\nb");
        values["Probe:Names"].Items.Select(i => i.Name).ShouldBe(["Probe:Names:0", "Probe:Names:1"]);
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var node = await _nodes.StartAsync("node");
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.ReadAsync()));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.ExportAsync()));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.FilesAsync()));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsHistory, object>(node, async h => await h.ListAsync(SettingsHistory.Defaults, default)));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.ApplyAsync([new("Probe:Size", "5")], "x"), SettingsPermissions.Read));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.PlanAsync([]), SettingsPermissions.Read));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.PlanImportAsync("a.json", []), SettingsPermissions.Read));
        await Should.ThrowAsync<ForbiddenException>(() => WithAsync<SettingsService, object>(node, async s => await s.RollbackAsync(Guid.NewGuid(), "x"), SettingsPermissions.Read));
    }

    [Fact]
    public async Task Loader_WithoutRootKey_ReadsWhatIsNoSecret()
    {
        var node = await _nodes.StartAsync("node");
        await ApplyAsync(node, new SettingEdit("Probe:Color", "red"), new SettingEdit("Probe:Password", "s3cret"));
        var values = new DatabaseSettingsProvider();
        using var loader = ActivatorUtilities.CreateInstance<DatabaseSettingsLoader>(node.Services, values, new SecretBox(new RootKey()));

        await loader.LoadAtStartAsync(default);

        values.TryGet("Probe:Color", out var color).ShouldBeTrue();
        color.ShouldBe("red");
        values.TryGet("Probe:Password", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Loader_ValueThatNoLongerFits_LastGoodStays()
    {
        var node = await _nodes.StartAsync("node");
        Options(node).Size.ShouldBe(10);
        await using (var db = _nodes.Open())
        {
            using var engine = AuditScope.EngineOwn();
            db.Add(new SettingOverride { Key = "Probe:Size", Value = "of an older version" });
            await db.SaveChangesAsync();
        }

        await node.Services.GetRequiredService<DatabaseSettingsLoader>().ReloadAsync(CancellationToken.None);
        Options(node).Size.ShouldBe(10);
        node.Services.GetRequiredService<SettingsStatus>().Problems.ShouldHaveSingleItem().Source.ShouldBe("Probe");
    }
}
