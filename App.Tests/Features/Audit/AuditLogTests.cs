using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Features.Audit;

public sealed class AuditLogTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Command_Rename_ShowsWhoWhatBeforeAndAfter()
    {
        var user = await fixture.AddUserAsync("renamed@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().RenameAsync(user.Id, "Renamed Person", default);
        var log = admin.Get<AuditLog>();

        var row = (await log.ListAsync(AuditLog.Defaults.WithFilter("subject", $"user/{user.Id}").WithFilter("action", "users.rename"), default)).Rows.ShouldHaveSingleItem();
        var details = (await log.GetAsync(row.Id, default)).ShouldNotBeNull();

        row.Actor.ShouldBe("Ada Lovelace");
        row.SubjectName.ShouldBe("Renamed Person");
        details.SessionId.ShouldBe(admin.Session.Id);
        details.Changes.ShouldContain(new AuditChange("User", user.Id.ToString(), "DisplayName", "renamed", "Renamed Person"));
    }

    [Fact]
    public async Task List_FiltersAndSearch_FindTheRow()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var log = admin.Get<AuditLog>();
        var user = await fixture.AddUserAsync("found@example.org", Roles.Member);
        await admin.Get<UserAdministration>().UnlockAsync(user.Id, default);
        var query = AuditLog.Defaults.WithFilter("action", "users.unlock");

        (await log.ListAsync(query.WithFilter("actor", admin.Session.UserId.ToString()), default)).Rows.Count.ShouldBe(1);
        (await log.ListAsync(query.WithFilter("actor", Guid.NewGuid().ToString()), default)).Rows.ShouldBeEmpty();
        (await log.ListAsync(query.WithFilter("period", "hour"), default)).Rows.Count.ShouldBe(1);
        (await log.ListAsync(query.WithFilter("to", "2001-01-01"), default)).Rows.ShouldBeEmpty();
        (await log.ListAsync(query.WithFilter("outcome", "failed"), default)).Rows.ShouldBeEmpty();
        (await log.ListAsync(query.WithSearch("lovelace"), default)).Rows.Count.ShouldBe(1);
        (await log.ListAsync(query.WithSearch("FOUND"), default)).Rows.Count.ShouldBe(1);
        (await log.ListAsync(query.WithSearch("nobody"), default)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Latest_OnlyFailures_LeavesOutWhatWasDone()
    {
        var email = $"refused{Guid.NewGuid():N}@example.org";
        await fixture.AddUserAsync(email, Roles.Member);
        await using var member = await fixture.ActAsAsync(email);
        await Should.ThrowAsync<ForbiddenException>(() => member.Get<AuditLog>().LatestAsync(1, default));
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var rows = await admin.Get<AuditLog>().LatestAsync(5, default, onlyFailures: true);
        rows.ShouldContain(row => row.ActorId == member.Session.UserId && row.Outcome == AuditOutcome.Denied);
        rows.ShouldAllBe(row => row.Outcome != AuditOutcome.Done);
    }

    [Fact]
    public async Task Export_Csv_StreamsAndIsItselfRecorded()
    {
        using var browser = await fixture.SignedInAsync();

        using var answer = await browser.GetAsync("/admin/audit/export?format=csv&action=setup.administrator");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("setup.administrator");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Action == "audit.export"))).ShouldBeTrue();
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("curious@example.org", Roles.Member);
        await using var scope = await fixture.ActAsAsync("curious@example.org");
        var log = scope.Get<AuditLog>();

        await Should.ThrowAsync<ForbiddenException>(() => log.ListAsync(AuditLog.Defaults, default));
        await Should.ThrowAsync<ForbiddenException>(() => log.LatestAsync(1, default));
        await Should.ThrowAsync<ForbiddenException>(() => log.GetAsync(1, default));
        await Should.ThrowAsync<ForbiddenException>(() => log.ActionsAsync(default));
        await Should.ThrowAsync<ForbiddenException>(async () =>
        {
            await foreach (var _ in log.ExportAsync(AuditLog.Defaults, default)) break;
        });
        using var browser = await fixture.SignedInAsync("curious@example.org");
        ((int)(await browser.GetAsync("/admin/audit/export?format=csv")).StatusCode).ShouldBe(403);
    }
}
