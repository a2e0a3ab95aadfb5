using System.Text;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Users;

/// <summary>People from a list: preview, job, report.</summary>
public sealed class UserImportsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly ImportOptions Options = new(Invite: false, Update: true);

    [Fact]
    public async Task Import_NewChangedSameAndWrong_DoesWhatThePreviewSaid()
    {
        var (changes, same) = (await fixture.AddUserAsync("changes@import.example.org", Roles.Member), await fixture.AddUserAsync("same@import.example.org", Roles.Member));
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var imports = admin.Get<UserImports>();
        var file = Read("""
            Name,E-mail,Roles
            New One,new1@import.example.org,
            New Two,new2@import.example.org,"Editor, Support"
            Renamed,changes@import.example.org,Editor
            same,SAME@import.example.org,Member
            ,nameless@import.example.org,
            Bad,not an address,
            Lost,lost@import.example.org,Wizard
            Again,new1@import.example.org,
            """);
        ImportAct[] expected = [ImportAct.Create, ImportAct.Create, ImportAct.Change, ImportAct.Unchanged, ImportAct.Error, ImportAct.Error, ImportAct.Error, ImportAct.Error];
        UserOutcome[] faults = [UserOutcome.NameMissing, UserOutcome.EmailInvalid, UserOutcome.RoleUnknown, UserOutcome.RowRepeated];

        var preview = await imports.PreviewAsync(file, Options, default);
        preview.Select(l => l.Verdict.Act).ShouldBe(expected);
        preview.Select(l => l.Verdict.Fault).TakeLast(4).ShouldBe(faults);
        (await fixture.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "new1@import.example.org"))).ShouldBeFalse("a preview changes nothing");

        (await imports.StartAsync("people.csv", file, Options, default)).ShouldBe(UserOutcome.Done);
        var id = await FinishedAsync("people.csv");
        var report = (await imports.ReportAsync(id, default))!.Value.Lines;

        report.Select(l => l.Verdict.Act).ShouldBe(expected);
        report.Select(l => l.Verdict.Fault).TakeLast(4).ShouldBe(faults);
        var stored = await fixture.QueryAsync(db => db.Set<UserImport>().SingleAsync(i => i.Id == id));
        stored.Rows.ShouldBeNull("they are worked off");
        stored.Report.ShouldNotBeNull().ShouldStartWith("v1.", customMessage: "names and addresses are sealed");
        (await fixture.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Type == "users.import" && (j.Arguments + j.Cursor).Contains("example.org")))).ShouldBeFalse();
        (await RolesOfAsync("new1@import.example.org")).ShouldBe([Roles.Member]);
        (await RolesOfAsync("new2@import.example.org")).ShouldBe([Roles.Editor, Roles.Support]);
        (await RolesOfAsync("changes@import.example.org")).ShouldBe([Roles.Editor]);
        (await fixture.QueryAsync(db => db.Users.Where(u => u.Id == changes.Id || u.Id == same.Id).Select(u => u.DisplayName).ToListAsync())).Order().ShouldBe(["Renamed", "same"]);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.import" && e.SubjectId == id.ToString() && e.Count == 8))).ShouldBe(1);
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.Kind == "users.imported" && n.UserId == admin.Session.UserId && n.Arguments!.Contains("people.csv")))).ShouldBe(1);
        using var browser = await fixture.SignedInAsync();
        using var csv = await browser.GetAsync($"/admin/users/import/{id}/report");
        var text = await csv.Content.ReadAsStringAsync();
        text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(9);
        text.ShouldContain("there is no role Wizard");
        (await imports.LatestAsync(default)).Single(v => v.Id == id).Counts.ShouldBe(new Dictionary<ImportAct, int> { [ImportAct.Create] = 2, [ImportAct.Change] = 1, [ImportAct.Unchanged] = 1, [ImportAct.Error] = 4 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Import_NotUpdating_LeavesPeopleAsTheyAre()
    {
        await fixture.AddUserAsync("stays@import.example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        var preview = await admin.Get<UserImports>().PreviewAsync(Read("Name,E-mail,Roles\nOther,stays@import.example.org,Editor\n"), Options with { Update = false }, default);

        preview.ShouldHaveSingleItem().Verdict.Act.ShouldBe(ImportAct.Unchanged);
    }

    [Fact]
    public async Task Handler_CrashInTheMiddle_GoesOnBehindWhatIsDoneAndTheReportIsWhole()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var rows = Read("Name,E-mail\n" + string.Concat(Enumerable.Range(0, 130).Select(i => $"Crash {i},crash{i}@import.example.org\n")));
        var id = await StoreAsync(admin, rows);
        var job = new StoppingJob { StopsAfter = 105 };

        await Should.ThrowAsync<InvalidOperationException>(() => HandleAsync(admin, id, job));
        (await CountAsync("crash")).ShouldBe(104, "the row in which it stopped left nothing behind");
        job.StopsAfter = int.MaxValue;
        await HandleAsync(admin, id, job);

        (await CountAsync("crash")).ShouldBe(130);
        var report = (await admin.Get<UserImports>().ReportAsync(id, default))!.Value.Lines;
        report.Select(l => l.Row.Line).ShouldBe(Enumerable.Range(2, 130));
        report.ShouldAllBe(l => l.Verdict.Act == ImportAct.Create);
        await HandleAsync(admin, id, job);
        (await admin.Get<UserImports>().ReportAsync(id, default))!.Value.Lines.Count.ShouldBe(130, "a run after the end does nothing");
    }

    [Fact]
    public async Task Import_RolesBeyondOwnRights_AreAnErrorOfTheRow()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "Import desk", null, new HashSet<string> { UsersPermissions.Read, UsersPermissions.Manage }, default)).Outcome.ShouldBe(RoleOutcome.Done);
        await fixture.AddUserAsync("importdesk@example.org", "Import desk");
        await using var desk = await fixture.ActAsAsync("importdesk@example.org");

        var preview = await desk.Get<UserImports>().PreviewAsync(Read("Name,E-mail,Roles\nBoss,boss@import.example.org,Administrator\nAda,ada@example.org,Member\n"), Options, default);

        preview.Select(l => l.Verdict.Fault).ShouldBe([UserOutcome.BeyondOwnRights, UserOutcome.BeyondOwnRights]);
    }

    [Fact]
    public async Task Start_DelicateRoleOrInvitationWithoutMail_IsRefused()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == admin.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
        var rows = Read("Name,E-mail,Roles\nBoss,boss2@import.example.org,Administrator\n");

        (await admin.Get<UserImports>().StartAsync("x.csv", rows, Options, default)).ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<UserImports>().StartAsync("x.csv", rows, Options with { Invite = true }, default)).ShouldBe(UserOutcome.MailNotPossible);
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("no-import@example.org", Roles.Support);
        await using var scope = await fixture.ActAsAsync("no-import@example.org");
        var imports = scope.Get<UserImports>();

        await Should.ThrowAsync<ForbiddenException>(() => imports.PreviewAsync([], Options, default));
        await Should.ThrowAsync<ForbiddenException>(() => imports.StartAsync("x", [], Options, default));
        await Should.ThrowAsync<ForbiddenException>(() => imports.ReportAsync(Guid.NewGuid(), default));
    }

    private static IReadOnlyList<ImportRow> Read(string text)
    {
        var file = UserImportFile.Read(Encoding.UTF8.GetBytes(text));
        file.Fault.ShouldBe(ImportFault.None);
        return file.Rows;
    }

    private async Task<Guid> FinishedAsync(string name)
    {
        await Eventually.Holds(async () => await fixture.QueryAsync(db => db.Set<UserImport>().AnyAsync(i => i.FileName == name && i.FinishedAt != null)), because: "the import is worked off");
        return await fixture.QueryAsync(db => db.Set<UserImport>().Where(i => i.FileName == name).Select(i => i.Id).SingleAsync());
    }

    /// <summary>An import whose job the engine does not see.</summary>
    private async Task<Guid> StoreAsync(ActingScope admin, IReadOnlyList<ImportRow> rows)
    {
        var id = Guid.CreateVersion7();
        var content = fixture.Services.GetRequiredService<BlazorAdmin.Data.Keys.SecretBox>().Seal(UserImports.Purpose, JsonSerializer.Serialize(new ImportContent(rows, Options), JsonSerializerOptions.Web));
        await fixture.QueryAsync(async db =>
        {
            db.Add(new UserImport { Id = id, TenantId = AppDbContext.DefaultTenant, FileName = "crash.csv", StartedBy = admin.Session.UserId, StartedAt = DateTimeOffset.UtcNow, Rows = content });
            return await db.SaveChangesAsync();
        });
        return id;
    }

    private async Task HandleAsync(ActingScope admin, Guid id, JobContext job)
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use((await admin.Get<CurrentCaller>().GetAsync())!);
        await scope.ServiceProvider.GetRequiredService<ImportUsersHandler>().RunAsync(new ImportUsers(id), job, default);
    }

    private Task<int> CountAsync(string prefix) => fixture.QueryAsync(db => db.Users.CountAsync(u => u.Email!.StartsWith(prefix) && u.Email.EndsWith("@import.example.org")));

    private async Task<IReadOnlyList<string>> RolesOfAsync(string email) => await fixture.QueryAsync(db => (
        from user in db.Users
        join link in db.UserRoles on user.Id equals link.UserId
        join role in db.Roles on link.RoleId equals role.Id
        where user.Email == email
        orderby role.Name
        select role.Name!).ToListAsync());

    /// <summary>A run that breaks off when it has saved so many cursors, before the transaction commits.</summary>
    private sealed class StoppingJob : JobContext
    {
        private string? _cursor;
        private int _saved;

        public int StopsAfter { get; set; }

        public override long JobId => 1;

        public override int Attempt => 1;

        public override string IdempotencyKey => "1";

        public override void Progress(double percent, string? message = null)
        {
            // Nobody looks.
        }

        public override void Log(LogLevel level, string message)
        {
            // Nobody reads.
        }

        public override T? Cursor<T>() where T : default => _cursor is { } json ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) : default;

        public override Task SaveCursorAsync<T>(AppDbContext db, T cursor, CancellationToken cancellation)
        {
            if (++_saved > StopsAfter) throw new InvalidOperationException("The machine stops.");
            _cursor = JsonSerializer.Serialize(cursor, JsonSerializerOptions.Web);
            return Task.CompletedTask;
        }
    }
}
