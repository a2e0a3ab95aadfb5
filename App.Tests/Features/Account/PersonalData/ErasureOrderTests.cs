using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Editing;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.PersonalData;

/// <summary>Who can have an account deleted, and until when it can be taken back.</summary>
public sealed class ErasureOrderTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // To the millisecond, as an account is closed for its deletion.
    private readonly DateTimeOffset _closed = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    [Fact]
    public async Task Reactivate_DeletionWaits_TakesItBackAndALaterRunFails()
    {
        var person = await fixture.AddUserAsync("returns@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var job = await OrderAsync(admin, person.Id);

        (await admin.Get<UserAdministration>().ReactivateAsync(person.Id, default)).Outcome.ShouldBe(UserOutcome.Done);

        (await StateAsync(job)).ShouldBe(JobState.Cancelled);
        // Closed once more, for another reason.
        (await admin.Get<UserAdministration>().DeactivateAsync(person.Id, default)).Outcome.ShouldBe(UserOutcome.Done);
        await DueNowAsync(job);
        (await admin.Get<JobsService>().RetryAsync(job)).ShouldBe(JobCommandResult.Done);
        await Eventually.Holds(async () => await StateAsync(job) == JobState.Failed, Patience, "the account was opened in between");
        (await fixture.QueryAsync(db => db.Users.AnyAsync(u => u.Id == person.Id))).ShouldBeTrue();
    }

    [Fact]
    public async Task ReactivateMany_DeletionWaits_TakesItBack()
    {
        var person = await fixture.AddUserAsync("returns-too@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var job = await OrderAsync(admin, person.Id);

        await admin.Get<UserBulk>().RunAsync(BulkUserCommand.Reactivate, new BulkUsers([person.Id], new ListQuery()), null, default);

        (await StateAsync(job)).ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Retry_WithoutTheRightToManageUsers_IsRefused()
    {
        var person = await fixture.AddUserAsync("spared@example.org", Roles.Member);
        await fixture.AddUserAsync("operator@example.org", Roles.Operator);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var helper = await fixture.ActAsAsync("operator@example.org");
        var job = await OrderAsync(admin, person.Id);
        (await helper.Get<JobsService>().CancelAsync(job)).ShouldBe(JobCommandResult.Done);

        await Should.ThrowAsync<ForbiddenException>(() => helper.Get<JobsService>().RetryAsync(job));
        await Should.ThrowAsync<ForbiddenException>(() => helper.Get<JobEditing>().RunAsync(job, null));
        (await helper.Get<BulkService>().DoAsync(JobAction.Retry, new ListSelection(new HashSet<string> { $"{job}" }, AllThatMatch: false, new ListQuery(), null))).Changed.ShouldBeEmpty();

        (await StateAsync(job)).ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Run_OrderedBySomebodyWhoLostTheRight_Fails()
    {
        var person = await fixture.AddUserAsync("kept@example.org", Roles.Member);
        var former = await fixture.AddUserAsync("former@example.org", Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, _closed)));
        await using var scope = fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Caller.Portal with { UserId = former.Id });
        var handler = scope.ServiceProvider.GetRequiredService<EraseAccountHandler>();

        await Should.ThrowAsync<JobFailedException>(() => handler.RunAsync(new EraseAccount(person.Id, _closed, null, []), new QuietJob(), default));

        (await fixture.QueryAsync(db => db.Users.AnyAsync(u => u.Id == person.Id))).ShouldBeTrue();
    }

    private async Task<long> OrderAsync(ActingScope admin, Guid userId)
    {
        var caller = (await admin.Get<CurrentCaller>().GetAsync())!;
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, _closed)));
        return await fixture.QueryAsync(async db =>
        {
            var job = db.Enqueue(new EraseAccount(userId, _closed, null, []), caller, _closed, new EnqueueOptions { DueAt = _closed.AddDays(1), IdempotencyKey = AccountErasure.KeyOf(userId) + "1" });
            using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) await db.SaveChangesAsync();
            return job.Id;
        });
    }

    private Task<int> DueNowAsync(long job) => fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Id == job).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, _closed)));

    private Task<JobState> StateAsync(long job) => fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Id == job).Select(j => j.State).SingleAsync());
}
