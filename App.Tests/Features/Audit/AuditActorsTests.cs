using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Audit;

public sealed class AuditActorsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Erase_Person_ForgetsTheNameAndKeepsTheChain()
    {
        var person = await fixture.AddUserAsync("leaving@example.org", Roles.Auditor);
        await using (var leaving = await fixture.ActAsAsync("leaving@example.org")) await leaving.Get<AuditChain>().VerifyAsync(default);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().RenameAsync(person.Id, "Leaving Person", default);
        var log = admin.Get<AuditLog>();
        await Eventually.Holds(async () => (await admin.Get<AuditChain>().StatusAsync(default)).Unsealed == 0, because: "everything is sealed");

        (await admin.Get<AuditActors>().EraseAsync(person.Id, default)).ShouldBeTrue();
        (await admin.Get<AuditActors>().EraseAsync(person.Id, default)).ShouldBeFalse("it is gone");

        var rows = (await log.ListAsync(AuditLog.Defaults.WithFilter("actor", person.Id.ToString()), default)).Rows;
        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(row => row.Actor == null && row.IsActorErased);
        (await log.ListAsync(AuditLog.Defaults.WithSearch("leaving"), default)).Rows.ShouldAllBe(row => row.SubjectName == null || !row.SubjectName.Contains("eaving", StringComparison.Ordinal));
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.SubjectName!.Contains("eaving") || e.Before!.Contains("eaving") || e.After!.Contains("eaving") || e.Detail!.Contains("eaving")))).ShouldBeFalse("no row holds the name");
        var rename = (await log.ListAsync(AuditLog.Defaults.WithFilter("subject", $"user/{person.Id}").WithFilter("action", "users.rename"), default)).Rows.ShouldHaveSingleItem();
        (await log.GetAsync(rename.Id, default)).ShouldNotBeNull().Changes.ShouldContain(new AuditChange("User", person.Id.ToString(), "DisplayName", PersonalValue.Erased, PersonalValue.Erased));
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "audit.erase_name"))).ShouldBe(1);
        (await fixture.Services.GetRequiredService<AuditVerifier>().VerifyAsync(null, default)).IsSound.ShouldBeTrue();
    }
}
