using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists.Views;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.PersonalData;

/// <summary>What the heir of an account gets, and what nobody does.</summary>
public sealed class PersonalPartsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Tokens_WithHeir_EndWithTheAccount()
    {
        var (person, heir) = await TwoAsync("tokens");
        await using (var acting = await fixture.ActAsAsync("tokens@example.org")) await acting.Get<TokensService>().CreateAsync(new NewToken("Mine", [TokenScopes.HealthRead], null), default);

        await EraseAsync("tokens", person, heir);

        (await fixture.QueryAsync(db => db.Set<AccessToken>().CountAsync(t => t.OwnerId == person || t.OwnerId == heir))).ShouldBe(0);
    }

    [Fact]
    public async Task Jobs_WithHeir_ThoseThatActAsTheirOwnerAreCancelled()
    {
        var (person, heir) = await TwoAsync("jobs");
        var owner = Caller.Portal with { UserId = person };
        var (asOwner, plain) = await fixture.QueryAsync(async db =>
        {
            var later = new EnqueueOptions { DueAt = Now.AddDays(1) };
            var change = db.Enqueue(new ChangeDocuments(DocumentCommand.Delete, DocumentScope.Own, "", Now, 1), owner, Now, later);
            var read = db.Enqueue(new ReadDocument(Guid.NewGuid(), 1), owner, Now, later);
            using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) await db.SaveChangesAsync();
            return (change.Id, read.Id);
        });

        await EraseAsync("jobs", person, heir);

        (await JobAsync(asOwner)).ShouldBe((JobState.Cancelled, null));
        (await JobAsync(plain)).ShouldBe((JobState.Queued, heir));
    }

    [Fact]
    public void JobTypes_HandlersThatBecomeAPerson_AreNeverHandedOver()
    {
        var become = fixture.Services.GetRequiredService<JobTypes>().All
            .Where(t => t.Handler.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(PersonRights)))).ToList();

        become.Select(t => t.Name).ShouldContain("documents.change");
        become.Where(t => !t.Rules.AsOwner).Select(t => t.Name).ShouldBeEmpty("say AsOwner = true in their [JobType]");
    }

    [Fact]
    public async Task Views_HeirHasTheNameInOtherLetters_KeepsTheirs()
    {
        var (person, heir) = await TwoAsync("views");
        await fixture.QueryAsync(async db =>
        {
            foreach (var (owner, name) in new[] { (heir, "Open"), (person, "OPEN"), (person, "Closed") })
                db.Add(new SavedView { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, OwnerId = owner, List = "/admin/jobs", Name = name, Query = "", Shared = true, CreatedAt = Now });
            using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) return await db.SaveChangesAsync();
        });

        await EraseAsync("views", person, heir);

        (await fixture.QueryAsync(db => db.Set<SavedView>().Where(v => v.OwnerId == heir).OrderBy(v => v.Name).Select(v => v.Name).ToListAsync())).ShouldBe(["Closed", "Open"]);
    }

    private async Task<(Guid Person, Guid Heir)> TwoAsync(string part)
    {
        var person = await fixture.AddUserAsync($"{part}@example.org", Roles.Administrator);
        return (person.Id, (await fixture.AddUserAsync($"{part}-heir@example.org", Roles.Administrator)).Id);
    }

    private async Task EraseAsync(string name, Guid person, Guid heir)
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        var part = scope.ServiceProvider.GetServices<IPersonalData>().Single(p => p.Name == name);
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await part.EraseAsync(db, new PersonalErasure(Caller.Portal, person, heir, Now), default);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private Task<(JobState State, Guid? Owner)> JobAsync(long id) => fixture.QueryAsync(async db =>
    {
        var job = await db.Set<Job>().AsNoTracking().SingleAsync(j => j.Id == id);
        return (job.State, job.OwnerId);
    });
}
