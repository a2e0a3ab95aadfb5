using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Users;

/// <summary>Many accounts at once, files of them, and the activity of one.</summary>
public sealed class UserBulkTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Deactivate_ByFilter_ClosesAllButOneselfWithOneRow()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var people = new List<Guid>();
        for (var i = 0; i < 3; i++) people.Add((await fixture.AddUserAsync($"bulk{i}@closing.example.org", Roles.Member)).Id);
        await using var one = await fixture.ActAsAsync("bulk0@closing.example.org");
        var bulk = admin.Get<UserBulk>();

        var result = await bulk.RunAsync(BulkUserCommand.Deactivate, new BulkUsers(null, new ListQuery { Search = "@closing.example.org" }), null, default);

        result.Changed.ShouldBe(people, ignoreOrder: true);
        var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "users.deactivate" && e.ActorId == admin.Session.UserId && e.Count == 3));
        row.Detail.ShouldNotBeNull().ShouldContain("q=");
        people.ShouldAllBe(id => row.Detail!.Contains(id.ToString()));
        (await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == one.Session.Id).Select(s => s.EndReason).SingleAsync())).ShouldBe(SessionEnd.Deactivated);

        // The undo.
        var back = await bulk.RunAsync(BulkUserCommand.Reactivate, new BulkUsers(result.Changed, new ListQuery()), null, default);
        back.Changed.Count.ShouldBe(3, $"{back.Outcome} {string.Join(", ", back.Skipped)}");
        (await bulk.RunAsync(BulkUserCommand.Reactivate, new BulkUsers(result.Changed, new ListQuery()), null, default)).ShouldSatisfyAllConditions(
            r => r.Changed.ShouldBeEmpty(), r => r.Skipped[UserOutcome.Done].ShouldBe(3));
    }

    [Fact]
    public async Task Deactivate_OneselfAndTheLastAdministrator_AreLeftAlone()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var result = await admin.Get<UserBulk>().RunAsync(BulkUserCommand.Deactivate, new BulkUsers([admin.Session.UserId], new ListQuery()), null, default);
        (result.Changed.Count, result.Skipped[UserOutcome.OwnAccountInBulk]).ShouldBe((0, 1));

        var role = (await admin.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Administrator).Id;
        var taken = await admin.Get<UserBulk>().RunAsync(BulkUserCommand.TakeRole, new BulkUsers([admin.Session.UserId], new ListQuery()), role, default);
        (taken.Changed.Count, taken.Skipped[UserOutcome.LastAdministrator]).ShouldBe((0, 1));
    }

    [Fact]
    public async Task GiveAndTakeRole_ByIds_ChangesThoseWhoLackOrHaveIt()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (has, lacks) = (await fixture.AddUserAsync("has@roles.example.org", Roles.Editor), await fixture.AddUserAsync("lacks@roles.example.org", Roles.Member));
        var editor = (await admin.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Editor).Id;
        var bulk = admin.Get<UserBulk>();

        var given = await bulk.RunAsync(BulkUserCommand.GiveRole, new BulkUsers([has.Id, lacks.Id], new ListQuery()), editor, default);
        given.Changed.ShouldBe([lacks.Id]);
        given.Skipped[UserOutcome.Done].ShouldBe(1);
        (await bulk.RunAsync(BulkUserCommand.TakeRole, new BulkUsers([has.Id, lacks.Id], new ListQuery()), editor, default)).Changed.Count.ShouldBe(2);
        (await bulk.RunAsync(BulkUserCommand.GiveRole, new BulkUsers([has.Id], new ListQuery()), null, default)).Outcome.ShouldBe(UserOutcome.RoleMissing);
        (await bulk.RunAsync(BulkUserCommand.SendLink, new BulkUsers([has.Id], new ListQuery()), null, default)).Outcome.ShouldBe(UserOutcome.MailNotPossible);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.roles" && e.ActorId == admin.Session.UserId && e.SubjectName == Roles.Editor))).ShouldBe(2);
    }

    [Fact]
    public async Task Bulk_ByLesserRights_LeavesAdministratorsAloneAndRefusesTheirRole()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "Bulk desk", null, new HashSet<string> { UsersPermissions.Read, UsersPermissions.Manage }, default)).Outcome.ShouldBe(RoleOutcome.Done);
        await fixture.AddUserAsync("bulkdesk@example.org", "Bulk desk");
        await using var desk = await fixture.ActAsAsync("bulkdesk@example.org");
        var administrator = (await desk.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Administrator).Id;

        var result = await desk.Get<UserBulk>().RunAsync(BulkUserCommand.EndSessions, new BulkUsers([admin.Session.UserId], new ListQuery()), null, default);
        (result.Changed.Count, result.Skipped[UserOutcome.BeyondOwnRights]).ShouldBe((0, 1));
        (await desk.Get<UserBulk>().RunAsync(BulkUserCommand.GiveRole, new BulkUsers([desk.Session.UserId], new ListQuery()), administrator, default)).Outcome.ShouldBe(UserOutcome.BeyondOwnRights);
    }

    [Fact]
    public async Task Exports_FormulaInAName_IsNeutralisedAndEachIsRecorded()
    {
        var user = await fixture.AddUserAsync("formula@export.example.org", Roles.Editor, Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.DisplayName, "=HYPERLINK(\"http://evil\"),\"x\"")));
        using var browser = await fixture.SignedInAsync();

        using var list = await browser.GetAsync("/admin/users/export?format=csv&q=export.example.org");
        list.Content.Headers.ContentDisposition!.ToString().ShouldContain("attachment");
        (await list.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(
            text => text.ShouldContain("\"'=HYPERLINK(\"\"http://evil\"\"),\"\"x\"\"\""), text => text.ShouldContain("\"Editor, Member\""), text => text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2));
        using var report = await browser.GetAsync("/admin/users/permissions?format=json&q=export.example.org");
        var json = await report.Content.ReadAsStringAsync();
        json.ShouldContain("\"users.manage\":false");
        json.ShouldContain("\"documents.own\":true");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "users.export" || e.Action == "users.permission_report").Select(e => e.Action).ToListAsync())).Order().ShouldBe(["users.export", "users.permission_report"]);

        await fixture.AddUserAsync("no-export@example.org", Roles.Member);
        using var member = await fixture.SignedInAsync("no-export@example.org");
        foreach (var path in new[] { "/admin/users/export?format=csv", "/admin/users/permissions?format=csv" })
        {
            using var refused = await member.GetAsync(path);
            ((int)refused.StatusCode).ShouldBe(403);
        }
    }

    [Fact]
    public async Task Timeline_OwnAndOfOthers_ShowsWhatWasDoneByAndToThem()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync("watched@example.org", Roles.Member);
        await using var own = await fixture.ActAsAsync("watched@example.org");
        for (var i = 0; i < 35; i++) await admin.Get<UserAdministration>().RenameAsync(user.Id, $"Watched {i}", default);

        var first = await own.Get<AuditTimeline>().MineAsync(null, default);
        var rest = await own.Get<AuditTimeline>().MineAsync(first.Older, default);

        first.Rows.Count.ShouldBe(AuditTimeline.PartSize);
        first.Rows[0].Actor.ShouldBe("Ada Lovelace");
        first.Rows.Concat(rest.Rows).Select(r => r.Id).ShouldBe(first.Rows.Concat(rest.Rows).Select(r => r.Id).Distinct().OrderDescending());
        rest.Rows.ShouldContain(r => r.Action == "account.sign_in");
        rest.Older.ShouldBeNull();
        (await admin.Get<AuditTimeline>().OfAsync(user.Id, null, default)).Rows.Count.ShouldBe(AuditTimeline.PartSize);
        await Should.ThrowAsync<ForbiddenException>(() => own.Get<AuditTimeline>().OfAsync(admin.Session.UserId, null, default));
        (await own.Get<AuditTimeline>().OfAsync(user.Id, null, default)).Rows.ShouldNotBeEmpty();
        using var browser = await fixture.SignedInAsync("watched@example.org");
        using var page = await browser.GetAsync("/account/activity");
        (await page.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("by Ada Lovelace"), t => t.ShouldContain("/account/activity?before="));
    }

    [Fact]
    public async Task Bulk_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("no-bulk@example.org", Roles.Support);
        await using var scope = await fixture.ActAsAsync("no-bulk@example.org");
        foreach (var command in Enum.GetValues<BulkUserCommand>())
            await Should.ThrowAsync<ForbiddenException>(() => scope.Get<UserBulk>().RunAsync(command, new BulkUsers([], new ListQuery()), null, default));
    }

    [Fact]
    public async Task Deactivate_MoreThanAreDoneAtOnce_IsAJobAndIsTakenBack()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var people = await AddManyAsync("crowd.example.org", UserBulk.AtOnce + 120);
        var query = new ListQuery { Search = "@crowd.example.org" };

        var result = await admin.Get<UserBulk>().RunAsync(BulkUserCommand.Deactivate, new BulkUsers(null, query), null, default);

        (result.Outcome, result.Meant).ShouldBe((UserOutcome.Done, people));
        var job = result.JobId.ShouldNotBeNull();
        await FinishedAsync(job);
        (await ActiveAsync("CROWD")).ShouldBe(0);
        var subject = $"{job}";
        var rows = await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "users.deactivate" && e.SubjectId == subject && e.ActorId == admin.Session.UserId).Select(e => e.Count).ToListAsync());
        (rows.Count, rows.Sum()).ShouldBe((4, people));
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "users.bulk" && e.SubjectId == subject))).ShouldSatisfyAllConditions(r => r.Count.ShouldBe(people), r => r.Detail!.ShouldContain("q="));

        (await admin.Get<UserBulkUndo>().CanUndoAsync(job)).ShouldBeTrue();
        await FinishedAsync((await admin.Get<UserBulkUndo>().UndoAsync(job)).ShouldNotBeNull());
        (await ActiveAsync("CROWD")).ShouldBe(people);
    }

    [Fact]
    public async Task Change_AfterACrash_GoesOnBehindWhatIsDone()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await AddManyAsync("resumed.example.org", 5);
        var ids = await fixture.QueryAsync(db => db.Users.Where(u => u.NormalizedEmail!.EndsWith("@RESUMED.EXAMPLE.ORG")).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync());
        var context = new ResumedJob(new ChangeUsersCursor(ids[1], 2, 2, new Dictionary<UserOutcome, int>()));
        await using var scope = fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use((await admin.Get<CurrentCaller>().GetAsync())!);

        await ActivatorUtilities.CreateInstance<ChangeUsersHandler>(scope.ServiceProvider).RunAsync(new ChangeUsers(BulkUserCommand.Deactivate, null, null, ids, DateTimeOffset.UtcNow.AddMinutes(1), 5), context, default);

        (await ActiveAsync("RESUMED")).ShouldBe(2, "the first two were done by the run before");
        context.Saved.ShouldNotBeNull().ShouldSatisfyAllConditions(c => c.Done.ShouldBe(5), c => c.Changed.ShouldBe(5), c => c.Last.ShouldBe(ids[4]));
    }

    [Fact]
    public async Task Undo_WithoutThePermissionOrAnotherJob_IsRefused()
    {
        await fixture.AddUserAsync("no-undo@example.org", Roles.Support);
        await using var support = await fixture.ActAsAsync("no-undo@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        await Should.ThrowAsync<ForbiddenException>(() => support.Get<UserBulkUndo>().UndoAsync(1));
        await Should.ThrowAsync<ForbiddenException>(() => support.Get<UserBulkUndo>().CanUndoAsync(1));
        (await admin.Get<UserBulkUndo>().UndoAsync(long.MaxValue)).ShouldBeNull();
    }

    private Task<int> ActiveAsync(string domain) => fixture.QueryAsync(db => db.Users.CountAsync(u => u.NormalizedEmail!.EndsWith($"@{domain}.EXAMPLE.ORG") && u.DeactivatedAt == null));

    private Task FinishedAsync(long job) => Eventually.Holds(async () => await fixture.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Id == job && j.State == JobState.Succeeded)), because: $"job {job} is done");

    // Without passwords, which take longer to hash than all the rest.
    private async Task<int> AddManyAsync(string domain, int count)
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        return await fixture.QueryAsync(async db =>
        {
            for (var i = 0; i < count; i++) scope.ServiceProvider.GetRequiredService<AccountFactory>().Add(db, $"p{i}@{domain}", $"P {i}", password: null, []);
            using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
            return count;
        });
    }

    private sealed class ResumedJob(ChangeUsersCursor cursor) : JobContext
    {
        public ChangeUsersCursor? Saved { get; private set; }

        public override long JobId => 4_711;

        public override int Attempt => 2;

        public override string IdempotencyKey => "resumed";

        public override void Progress(double percent, string? message = null)
        {
        }

        public override void Log(Microsoft.Extensions.Logging.LogLevel level, string message)
        {
        }

        public override T? Cursor<T>() where T : default => (T?)(object)cursor;

        public override Task SaveCursorAsync<T>(BlazorAdmin.Data.AppDbContext db, T cursor, CancellationToken cancellation)
        {
            Saved = (ChangeUsersCursor)(object)cursor!;
            return Task.CompletedTask;
        }
    }
}
