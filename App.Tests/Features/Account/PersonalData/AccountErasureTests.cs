using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Tests.Features.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.PersonalData;

/// <summary>Deleting an account: what is handed over, what goes, and that audit and chain stay.</summary>
public sealed class AccountErasureTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_WithHeir_HandsOverWhatWasChosenAndForgetsThePerson()
    {
        var heir = await fixture.AddUserAsync("heir@example.org", Roles.Editor);
        var person = await fixture.AddUserAsync("Zenobia.Leaver@example.org", Roles.Editor);
        await using var leaving = await fixture.ActAsAsync("Zenobia.Leaver@example.org");
        var document = await UploadAsync(leaving, "report.txt", "Quarterly figures");
        await leaving.Get<SavedViews>().SaveAsync("/documents", "Shared one", "state=Ready", shared: true);
        await leaving.Get<SavedViews>().SaveAsync("/documents", "Mine alone", "state=Failed", shared: false);
        await leaving.Get<Dashboards>().CreateAsync("Board", BoardStart.Empty);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().RenameAsync(person.Id, "Zenobia Leaver", default);
        var preview = (await admin.Get<AccountErasure>().PreviewAsync(person.Id, default)).ShouldNotBeNull();
        preview.Holdings.ShouldContain(h => h.Part == "documents" && h.Count == 1 && h.CanHandOver);
        preview.Holdings.ShouldContain(h => h.Part == "views" && h.Count == 2);

        (await admin.Get<AccountErasure>().StartAsync(person.Id, "Zenobia Leaver", "HEIR@example.org", ["documents", "views"], default)).ShouldBe(ErasureOutcome.Started);

        // At once, before the job has run.
        await Should.ThrowAsync<ForbiddenException>(() => leaving.Get<SessionService>().MineAsync(default));
        await GoneAsync(person.Id);
        (await fixture.QueryAsync(db => db.Set<Document>().Where(d => d.Id == document).Select(d => d.OwnerId).SingleAsync())).ShouldBe(heir.Id);
        (await fixture.QueryAsync(db => db.Set<SavedView>().Where(v => v.OwnerId == heir.Id).Select(v => v.Name).ToListAsync())).ShouldBe(["Shared one"]);
        (await fixture.QueryAsync(db => db.Set<DashboardBoard>().CountAsync(b => b.OwnerId == heir.Id || b.OwnerId == person.Id))).ShouldBe(0, "dashboards were not chosen");
        (await fixture.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.UserId == person.Id))).ShouldBe(0);
        await Eventually.Holds(async () => await fixture.QueryAsync(db => db.Set<Notification>().AnyAsync(n => n.UserId == admin.Session.UserId && n.Kind == "users.erased")), Patience, "who asked is told");
        // The audit keeps its rows and forgets the name, and its chain is sound.
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.ActorId == person.Id))).ShouldBeGreaterThan(0);
        (await fixture.QueryAsync(db => db.Set<AuditActor>().Where(a => a.Id == person.Id).Select(a => a.Name).SingleAsync())).ShouldBeNull();
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Before!.Contains("enobia") || e.After!.Contains("enobia") || e.Detail!.Contains("enobia") || e.SubjectName!.Contains("enobia")))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Arguments.Contains("enobia") || j.Subject!.Contains("enobia")))).ShouldBeFalse();
        (await fixture.Services.GetRequiredService<AuditVerifier>().VerifyAsync(null, default)).IsSound.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_WithoutHeir_DeletesEverything()
    {
        var person = await fixture.AddUserAsync("nobody-after@example.org", Roles.Editor, Roles.Administrator);
        await using var leaving = await fixture.ActAsAsync("nobody-after@example.org");
        var document = await UploadAsync(leaving, "private.txt", "Nobody else has this");
        await leaving.Get<TokensService>().CreateAsync(new NewToken("Mine", [TokenScopes.HealthRead], null), default);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        (await admin.Get<AccountErasure>().StartAsync(person.Id, "nobody-after", null, [], default)).ShouldBe(ErasureOutcome.Started);

        await GoneAsync(person.Id);
        (await fixture.QueryAsync(db => db.Set<Document>().AnyAsync(d => d.Id == document))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<AccessToken>().AnyAsync(t => t.OwnerId == person.Id))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Type == "documents.erase_contents"))).ShouldBeTrue("its bytes go too");
    }

    [Fact]
    public async Task Start_NotAllowed_SaysWhyAndChangesNothing()
    {
        var person = await fixture.AddUserAsync("stays@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var erasure = admin.Get<AccountErasure>();

        (await erasure.StartAsync(admin.Session.UserId, "Ada Lovelace", null, [], default)).ShouldBe(ErasureOutcome.Self);
        (await erasure.StartAsync(Guid.NewGuid(), "x", null, [], default)).ShouldBe(ErasureOutcome.NotFound);
        (await erasure.StartAsync(person.Id, "Stays", null, [], default)).ShouldBe(ErasureOutcome.NameWrong);
        (await erasure.StartAsync(person.Id, "stays", " ", ["documents"], default)).ShouldBe(ErasureOutcome.HeirMissing, "what is ticked is kept for somebody");
        (await erasure.StartAsync(person.Id, "stays", "nobody@example.org", ["documents"], default)).ShouldBe(ErasureOutcome.HeirInvalid);
        (await erasure.StartAsync(person.Id, "stays", "stays@example.org", ["documents"], default)).ShouldBe(ErasureOutcome.HeirInvalid);
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == admin.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
        (await erasure.StartAsync(person.Id, "stays", null, [], default)).ShouldBe(ErasureOutcome.ProofNeeded);
        await using var member = await fixture.ActAsAsync("stays@example.org");
        await Should.ThrowAsync<ForbiddenException>(() => member.Get<AccountErasure>().StartAsync(admin.Session.UserId, "Ada Lovelace", null, [], default));
        (await fixture.QueryAsync(db => db.Users.Where(u => u.Id == person.Id).Select(u => u.DeactivatedAt).SingleAsync())).ShouldBeNull();
    }

    private Task GoneAsync(Guid id) => Eventually.Holds(async () => !await fixture.QueryAsync(db => db.Users.AnyAsync(u => u.Id == id))
        && await fixture.QueryAsync(db => db.Set<AuditActor>().AnyAsync(a => a.Id == id && a.ErasedAt != null)), Patience, "the account is gone");

    private static async Task<Guid> UploadAsync(ActingScope person, string name, string text) => (await person.Get<UploadService>().Send(name, System.Text.Encoding.UTF8.GetBytes(text))).Id;
}
