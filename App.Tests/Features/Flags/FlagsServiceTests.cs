using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Features.Documents;

namespace BlazorAdmin.Tests.Features.Flags;

public sealed class FlagsServiceTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly FlagDefinition OnOff = FlagDefinition.OnOff;

    [Fact]
    public async Task Save_ByTwo_TheSecondHearsOfTheFirstAndNothingIsLost()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var bob = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.two");

        var first = await ada.Get<FlagsService>().SaveAsync(id, 1, new FlagForm("first", OnOff with { Default = "off" }, "because"), default);
        var second = await bob.Get<FlagsService>().SaveAsync(id, 1, new FlagForm("second", OnOff with { Permanent = true }, null), default);

        (first.Outcome, first.Version).ShouldBe((FlagOutcome.Done, 2));
        (second.Outcome, second.Version).ShouldBe((FlagOutcome.Conflict, 2));
        var row = (await ada.Get<FlagDirectory>().GetAsync(id, default)).ShouldNotBeNull();
        (row.Description, row.Version, row.Definition!.Default).ShouldBe(("first", 2, "off"));
        (await bob.Get<FlagsService>().SaveAsync(id, 2, new FlagForm("second", OnOff with { Permanent = true }, null), default)).Version.ShouldBe(3);
        (await bob.Get<FlagsService>().SaveAsync(id, 3, new FlagForm("second", OnOff with { Permanent = true }, null), default)).Outcome.ShouldBe(FlagOutcome.Unchanged);
        var history = await ada.Get<FlagDirectory>().HistoryAsync(id, 10, default);
        history.Select(v => v.Version).ShouldBe([3, 2, 1]);
        (history[1].Note, history[1].Author).ShouldBe(("because", "Ada Lovelace"));
        (await ada.Get<FlagDirectory>().HistoryAsync(id, 2, default)).Select(v => v.Version).ShouldBe([3, 2]);
        (await ada.Get<FlagDirectory>().LatestAuthorAsync(id, default)).ShouldBe("Ada Lovelace");
        var audit = await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.SubjectId == id.ToString() && e.Action == "flags.change").OrderBy(e => e.Id).ToListAsync());
        audit.Count.ShouldBe(2);
        audit[0].Detail.ShouldNotBeNull().ShouldContain("because");
        AuditDiff.Of(audit[0].Before, audit[0].After).ShouldContain(change => change.Property == "Definition");
    }

    [Fact]
    public async Task Save_ManyAtOnceFromOneVersion_OneIsKept()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.race");
        var service = ada.Get<FlagsService>();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => service.SaveAsync(id, 1, new FlagForm($"text {i}", OnOff, null), default)));

        results.Count(r => r.Outcome == FlagOutcome.Done).ShouldBe(1);
        results.Count(r => r.Outcome == FlagOutcome.Conflict).ShouldBe(7);
        (await ada.Get<FlagDirectory>().HistoryAsync(id, 10, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Switch_WhileOthersSave_AlwaysHolds()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.kill");
        var service = ada.Get<FlagsService>();

        var saves = Enumerable.Range(0, 5).Select(i => service.SaveAsync(id, 1, new FlagForm($"text {i}", OnOff, null), default));
        var off = service.SwitchAsync([id], false, "trouble", default);
        await Task.WhenAll(saves);

        (await off).Changed.ShouldBe([id]);
        (await ada.Get<FlagDirectory>().GetAsync(id, default))!.Enabled.ShouldBeFalse();
        (await service.SwitchAsync([id], false, null, default)).Changed.ShouldBeEmpty("it is off already");
        var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.SubjectId == id.ToString() && e.Action == "flags.off"));
        row.Detail.ShouldNotBeNull().ShouldContain("trouble");
    }

    [Fact]
    public async Task Rollback_EarlierForm_IsInForceAsANewVersion()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.back");
        var service = ada.Get<FlagsService>();
        await service.SaveAsync(id, 1, new FlagForm(null, OnOff with { Default = "off" }, null), default);
        await service.SwitchAsync([id], false, null, default);

        (await service.RollbackAsync(id, 1, 2, null, default)).Outcome.ShouldBe(FlagOutcome.Conflict);
        var result = await service.RollbackAsync(id, 1, 3, "better", default);

        (result.Outcome, result.Version).ShouldBe((FlagOutcome.Done, 4));
        var row = (await ada.Get<FlagDirectory>().GetAsync(id, default))!;
        (row.Enabled, row.Definition!.Default).ShouldBe((true, "on"));
        (await ada.Get<FlagDirectory>().HistoryAsync(id, 10, default))[0].Note.ShouldBe("better");
        (await service.RollbackAsync(id, 99, 4, null, default)).Outcome.ShouldBe(FlagOutcome.NotFound);
    }

    [Fact]
    public async Task ArchiveAndDelete_KeepWhatOthersNeedAndWhatCodeDeclares()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var service = ada.Get<FlagsService>();
        var based = await MakeAsync(ada, "test.based_on");
        var needing = (await service.CreateAsync("test.needing", true, new FlagForm(null, OnOff with { Needs = [new("test.based_on", "on")] }, null), default)).Id!.Value;

        var alone = await service.ArchiveAsync([based], default);
        alone.Changed.ShouldBeEmpty();
        alone.Needed.ShouldBe(["test.based_on"]);
        (await service.DeleteAsync(based, default)).Outcome.ShouldBe(FlagOutcome.NotArchived);
        (await service.ArchiveAsync([based, needing], default)).Changed.Count.ShouldBe(2);
        (await service.SaveAsync(based, 2, new FlagForm("x", OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.IsArchived);
        (await service.UnarchiveAsync([based, needing], default)).Changed.Count.ShouldBe(2);
        await service.ArchiveAsync([needing], default);
        (await service.DeleteAsync(needing, default)).Outcome.ShouldBe(FlagOutcome.Done);
        (await ada.Get<FlagDirectory>().GetAsync(needing, default)).ShouldBeNull();
        (await fixture.QueryAsync(db => db.Set<FlagVersion>().CountAsync(v => v.FlagId == needing))).ShouldBe(0);

        var declared = (await ada.Get<FlagDirectory>().GetAsync("documents.upload", default)).ShouldNotBeNull();
        (declared.IsDeclared, declared.Stale).ShouldBe((true, FlagStale.None));
        await service.ArchiveAsync([declared.Id], default);
        (await service.DeleteAsync(declared.Id, default)).Outcome.ShouldBe(FlagOutcome.Declared);
        await service.UnarchiveAsync([declared.Id], default);
        var bulk = await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "flags.archive" && e.Count == 2).SingleAsync());
        bulk.Detail.ShouldNotBeNull().ShouldContain("test.needing");
    }

    [Fact]
    public async Task Create_BadInput_NamesTheFieldsAndStoresNothing()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var service = ada.Get<FlagsService>();
        await MakeAsync(ada, "test.taken");

        (await service.CreateAsync("test.taken", true, new FlagForm(null, OnOff, null), default)).Issues.ShouldHaveSingleItem().Code.ShouldBe("KeyTaken");
        var wrong = await service.CreateAsync("Bad Key", true, new FlagForm(new string('x', 1_001), OnOff with { Off = "nothing" }, new string('y', 501)), default);

        wrong.Outcome.ShouldBe(FlagOutcome.Wrong);
        wrong.Issues.Select(i => i.Field).ShouldBe(["key", "description", "note", "off"], ignoreOrder: true);
        (await fixture.QueryAsync(db => db.Set<Flag>().CountAsync(f => f.Key == "Bad Key"))).ShouldBe(0);
        (await service.CreateAsync("test.cycle_a", true, new FlagForm(null, OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.Done);
        var b = await service.CreateAsync("test.cycle_b", true, new FlagForm(null, OnOff with { Needs = [new("test.cycle_a", "on")] }, null), default);
        b.Outcome.ShouldBe(FlagOutcome.Done);
        var a = (await ada.Get<FlagDirectory>().GetAsync("test.cycle_a", default))!;
        (await service.SaveAsync(a.Id, 1, new FlagForm(null, OnOff with { Needs = [new("test.cycle_b", "on")] }, null), default)).Issues.ShouldContain(i => i.Code == "NeedCycle");
        (await service.SaveAsync(a.Id, 1, new FlagForm(null, OnOff with { Variants = [new("yes"), new("off")], Default = "yes" }, null), default)).Issues.ShouldContain(i => i.Code == "VariantNeeded");
    }

    [Fact]
    public async Task List_ByState_FindsWhatIsScheduledAndStale()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var now = DateTimeOffset.UtcNow;
        var service = ada.Get<FlagsService>();
        await service.CreateAsync("state.scheduled", true, new FlagForm(null, OnOff with { Rules = [new FlagRule { From = now.AddDays(1), Variant = "off" }] }, null), default);
        await service.CreateAsync("state.past_end", true, new FlagForm("quarterly report", OnOff with { EndsOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-2) }, null), default);
        await service.CreateAsync("state.off", false, new FlagForm(null, OnOff, null), default);
        var (silent, same, different, stays) = (await MakeAsync(ada, "state.silent"), await MakeAsync(ada, "state.same"), await MakeAsync(ada, "state.different"), Guid.Empty);
        stays = (await service.CreateAsync("state.stays", true, new FlagForm(null, OnOff with { Permanent = true }, null), default)).Id!.Value;
        var old = now.AddDays(-40);
        await fixture.QueryAsync(db => db.Set<Flag>().Where(f => f.Id == silent || f.Id == stays || f.Id == same || f.Id == different)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.CreatedAt, old).SetProperty(f => f.ChangedAt, old).SetProperty(f => f.LastAskedAt, f => f.Id == same || f.Id == different ? now : null)));
        await fixture.QueryAsync(db =>
        {
            foreach (var (flag, variant) in new[] { (same, "on"), (same, "on"), (different, "on"), (different, "off") })
                db.Add(new FlagExposure { FlagId = flag, UserId = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Variant = variant, Reason = "default", Version = 1, FirstAt = old, LastAt = now });
            return db.SaveChangesAsync();
        });

        (await KeysAsync("scheduled")).ShouldBe(["state.scheduled"]);
        (await KeysAsync("stale")).ShouldBe(["state.past_end", "state.same", "state.silent"]);
        (await KeysAsync("off")).ShouldBe(["state.off"]);
        (await KeysAsync("on")).ShouldNotContain("state.off");
        (await ada.Get<FlagDirectory>().ListAsync(FlagDirectory.Defaults.WithSearch("QUARTERLY"), default)).Rows.ShouldHaveSingleItem().Stale.ShouldBe(FlagStale.PastEnd);
        var given = await ada.Get<FlagDirectory>().GivenAsync(different, FlagDirectory.GivenDefaults.WithFilter("variant", "off") with { PageSize = 1 }, default);
        given.Rows.ShouldHaveSingleItem().Variant.ShouldBe("off");

        async Task<IReadOnlyList<string>> KeysAsync(string state) =>
            [.. (await ada.Get<FlagDirectory>().ListAsync(FlagDirectory.Defaults.WithSearch("state.").WithFilter("state", state), default)).Rows.Select(r => r.Key)];
    }

    [Fact]
    public async Task Given_ManyPeople_PagesByKeyAndFindsByName()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.given");
        var user = await fixture.AddUserAsync("grace@example.org", Roles.Member);
        var now = DateTimeOffset.UtcNow;
        await fixture.QueryAsync(db =>
        {
            for (var i = 0; i < 5; i++)
                db.Add(new FlagExposure { FlagId = id, UserId = i == 0 ? user.Id : Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Variant = "on", Reason = "rule:1", Version = 1, FirstAt = now, LastAt = now.AddMinutes(-i / 2) });
            return db.SaveChangesAsync();
        });
        var directory = ada.Get<FlagDirectory>();
        var query = FlagDirectory.GivenDefaults with { PageSize = 2 };

        var seen = new List<Guid>();
        for (var page = await directory.GivenAsync(id, query, default); ; page = await directory.GivenAsync(id, query.WithCursor(page.Next), default))
        {
            seen.AddRange(page.Rows.Select(r => r.UserId));
            if (page.Next is null) break;
        }

        seen.Distinct().Count().ShouldBe(5);
        (await directory.GivenAsync(id, query.WithSearch("grace"), default)).Rows.ShouldHaveSingleItem().Person.ShouldBe("grace");
    }

    [Fact]
    public async Task Preview_PersonAndDraft_SayWhatAndHowMany()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await MakeAsync(ada, "test.preview");
        var editor = await fixture.AddUserAsync("edith@example.org", Roles.Editor);
        var previews = ada.Get<FlagPreviews>();
        var role = (await previews.ChoicesAsync("test.preview", [], default)).Roles.Single(r => r.Name == Roles.Editor);
        var draft = OnOff with { Default = "off", Rules = [new FlagRule { Roles = [role.Id], Variant = "on" }] };

        var preview = (await previews.ForAsync(id, editor.Id, draft, default)).ShouldNotBeNull();
        preview.Decision.ShouldBe(new FlagDecision("on", null, true, FlagReason.Rule, 1));
        (await previews.ForAsync(id, ada.Session.UserId, draft, default))!.Decision.Reason.ShouldBe(FlagReason.Default);
        var impact = (await previews.ImpactAsync(id, draft, default)).ShouldNotBeNull();
        impact.Moves.ShouldHaveSingleItem().ShouldBe(new FlagMove("on", "off", impact.People - 1));
        (await previews.FindPeopleAsync("edi", 5, default)).ShouldHaveSingleItem().Id.ShouldBe(editor.Id);
        (await previews.ForAsync(id, Guid.NewGuid(), null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task EveryCommand_ByAReader_IsRefused()
    {
        await fixture.AddUserAsync("flag-reader@example.org", Roles.Operator);
        await using var reader = await fixture.ActAsAsync("flag-reader@example.org");
        var (service, form) = (reader.Get<FlagsService>(), new FlagForm(null, OnOff, null));
        await reader.Get<FlagDirectory>().ListAsync(FlagDirectory.Defaults, default);

        var previews = reader.Get<FlagPreviews>();
        await Should.ThrowAsync<ForbiddenException>(() => previews.FindPeopleAsync("ada", 5, default));
        await Should.ThrowAsync<ForbiddenException>(() => previews.ForAsync(Guid.NewGuid(), Guid.NewGuid(), null, default));
        await Should.ThrowAsync<ForbiddenException>(() => previews.ImpactAsync(Guid.NewGuid(), OnOff, default));
        await Should.ThrowAsync<ForbiddenException>(() => service.CreateAsync("no.way", true, form, default));
        await Should.ThrowAsync<ForbiddenException>(() => service.SaveAsync(Guid.NewGuid(), 1, form, default));
        await Should.ThrowAsync<ForbiddenException>(() => service.SwitchAsync([Guid.NewGuid()], false, null, default));
        await Should.ThrowAsync<ForbiddenException>(() => service.ArchiveAsync([Guid.NewGuid()], default));
        await Should.ThrowAsync<ForbiddenException>(() => service.UnarchiveAsync([Guid.NewGuid()], default));
        await Should.ThrowAsync<ForbiddenException>(() => service.DeleteAsync(Guid.NewGuid(), default));
        await Should.ThrowAsync<ForbiddenException>(() => service.RollbackAsync(Guid.NewGuid(), 1, 1, null, default));
    }

    [Fact]
    public async Task Upload_SwitchedOff_IsRefusedByTheServiceForEverybody()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var flag = (await ada.Get<FlagDirectory>().GetAsync("documents.upload", default))!;
        var service = ada.Get<FlagsService>();
        await service.SwitchAsync([flag.Id], false, "disk is full", default);
        try
        {
            await Eventually.Holds(async () => !await ada.Get<FeatureFlags>().IsOnAsync("documents.upload"));
            (await Should.ThrowAsync<FeatureOffException>(() => ada.Get<UploadService>().Send("a.txt", [65]))).Flag.ShouldBe("documents.upload");
        }
        finally
        {
            await service.SwitchAsync([flag.Id], true, null, default);
        }

        await Eventually.Holds(async () => await ada.Get<FeatureFlags>().IsOnAsync("documents.upload"));
        await ada.Get<UploadService>().Send("a.txt", [65]);
    }

    [Fact]
    public async Task SearchAndExport_FindFlags()
    {
        await using var ada = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await ada.Get<FlagsService>().CreateAsync("export.formula", true, new FlagForm("=1+1", OnOff, null), default);
        var hits = await Task.WhenAll(ada.Get<IEnumerable<ISearchProvider>>().Select(provider => provider.SearchAsync("export.form", 5, default)));
        hits.SelectMany(h => h).ShouldContain(hit => hit.Kind == "Flag" && hit.Url == "/admin/flags/export.formula");
        using var browser = await fixture.SignedInAsync();

        using var csv = await browser.GetAsync(FlagsSetup.ExportRoute + "?format=csv&q=export.");
        using var json = await browser.GetAsync(FlagsSetup.ExportRoute + "?format=json&q=export.");

        (await csv.Content.ReadAsStringAsync()).ShouldContain("'=1+1");
        (await json.Content.ReadAsStringAsync()).ShouldContain("\"key\":\"export.formula\"");
    }

    private static async Task<Guid> MakeAsync(ActingScope scope, string key)
    {
        var made = await scope.Get<FlagsService>().CreateAsync(key, true, new FlagForm(null, OnOff, null), default);
        made.Outcome.ShouldBe(FlagOutcome.Done);
        return made.Id!.Value;
    }
}
