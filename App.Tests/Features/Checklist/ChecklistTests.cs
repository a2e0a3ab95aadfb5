using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Checklist;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Checklist;

public sealed class ChecklistTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly Uri Plain = new("http://portal.example.org/");
    private static readonly Uri Tls = new("https://portal.example.org/");

    [Fact]
    public async Task Points_AsTheInstallationChanges_AreMeasuredAnew()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        (await FindAsync(admin, "tls")).State.ShouldBe(ChecklistState.Open);
        (await FindAsync(admin, "tls", Tls)).ShouldSatisfyAllConditions(f => f.State.ShouldBe(ChecklistState.Done), f => f.Arguments.ShouldBe(["https://portal.example.org"]));
        (await FindAsync(admin, "mail")).TextKey.ShouldBe("MailNone");
        (await FindAsync(admin, "backup")).TextKey.ShouldBe("BackupNone");
        await BackupAsync(DateTimeOffset.UtcNow.AddDays(-8));
        (await FindAsync(admin, "backup")).TextKey.ShouldBe("BackupOld");
        await BackupAsync(DateTimeOffset.UtcNow.AddDays(-1));
        (await FindAsync(admin, "backup")).State.ShouldBe(ChecklistState.Done);

        (await FindAsync(admin, "second-administrator")).State.ShouldBe(ChecklistState.Open);
        var second = await fixture.AddUserAsync("second-admin@example.org", Roles.Administrator);
        (await FindAsync(admin, "second-administrator")).ShouldSatisfyAllConditions(f => f.State.ShouldBe(ChecklistState.Done), f => f.Arguments.ShouldBe([2]));
        var factor = await FindAsync(admin, "administrator-factors");
        factor.State.ShouldBe(ChecklistState.Open);
        factor.Arguments[1].ShouldBeOfType<string>().ShouldContain("Ada Lovelace");
        await fixture.QueryAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorSince, DateTimeOffset.UtcNow)));
        (await FindAsync(admin, "administrator-factors")).State.ShouldBe(ChecklistState.Done);
        await fixture.QueryAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorSince, (DateTimeOffset?)null)));
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == second.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow)));
        (await FindAsync(admin, "second-administrator")).State.ShouldBe(ChecklistState.Open);
        await Eventually.Holds(async () => (await FindAsync(admin, "audit-anchor")).State == ChecklistState.Done);
    }

    [Fact]
    public async Task Marks_ConfirmSetAsideTakeBack_AreKeptAndAudited()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var checklist = admin.Get<ChecklistService>();
        (await FindAsync(admin, "recovery-key")).ShouldSatisfyAllConditions(f => f.State.ShouldBe(ChecklistState.Open), f => f.Arguments[0].ShouldBeOfType<string>().ShouldEndWith("root.key"));

        (await checklist.ConfirmAsync("recovery-key", default)).ShouldBe(ChecklistOutcome.Done);
        (await checklist.ConfirmAsync("recovery-key", default)).ShouldBe(ChecklistOutcome.Unchanged);
        (await FindAsync(admin, "recovery-key")).State.ShouldBe(ChecklistState.Done);
        (await checklist.ConfirmAsync("mail", default)).ShouldBe(ChecklistOutcome.NotConfirmable);
        (await checklist.ConfirmAsync("nothing", default)).ShouldBe(ChecklistOutcome.NotFound);
        (await checklist.SetAsideAsync("mail", default)).ShouldBe(ChecklistOutcome.Done);
        var row = (await checklist.ListAsync(Plain, default)).Single(r => r.Item.Key == "mail");
        (row.IsSetAside, row.NeedsSomebody, row.MarkedBy).ShouldBe((true, false, "Ada Lovelace"));
        (await checklist.TakeBackAsync("mail", default)).ShouldBe(ChecklistOutcome.Done);
        (await checklist.TakeBackAsync("mail", default)).ShouldBe(ChecklistOutcome.Unchanged);
        (await checklist.TakeBackAsync("recovery-key", default)).ShouldBe(ChecklistOutcome.Done);

        var actions = await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.SubjectType == "checklist" && e.SubjectId == "mail").OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());
        actions.ShouldBe(["checklist.set_aside", "checklist.take_back"]);
    }

    [Fact]
    public async Task Everybody_ButAdministrators_MarksNothing()
    {
        await fixture.AddUserAsync("checklist-auditor@example.org", Roles.Auditor);
        await fixture.AddUserAsync("checklist-member@example.org", Roles.Member);
        await using var auditor = await fixture.ActAsAsync("checklist-auditor@example.org");
        await using var member = await fixture.ActAsAsync("checklist-member@example.org");

        (await auditor.Get<ChecklistService>().ListAsync(null, default)).Count.ShouldBe(7);
        await Should.ThrowAsync<ForbiddenException>(() => member.Get<ChecklistService>().ListAsync(null, default));
        await Should.ThrowAsync<ForbiddenException>(() => auditor.Get<ChecklistService>().ConfirmAsync("recovery-key", default));
        await Should.ThrowAsync<ForbiddenException>(() => auditor.Get<ChecklistService>().SetAsideAsync("mail", default));
        await Should.ThrowAsync<ForbiddenException>(() => auditor.Get<ChecklistService>().TakeBackAsync("mail", default));
    }

    [Fact]
    public async Task Card_EverythingSettled_LeavesTheDashboardUntilSomethingOpens()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (checklist, widgets) = (admin.Get<ChecklistService>(), admin.Get<DashboardWidgets>());
        var caller = (await admin.Get<CurrentCaller>().GetAsync())!;
        var rows = await checklist.ListAsync(Plain, default);
        widgets.Allowed(caller).ShouldContain(w => w.Id == "checklist");
        foreach (var row in rows.Where(r => r.NeedsSomebody)) await checklist.SetAsideAsync(row.Item.Key, default);

        // The audit may be sealed for the first time in between.
        await Eventually.Holds(async () =>
        {
            foreach (var row in (await checklist.ListAsync(Plain, default)).Where(r => r.NeedsSomebody)) await checklist.SetAsideAsync(row.Item.Key, default);
            return widgets.Allowed(caller).All(w => w.Id != "checklist");
        });
        foreach (var row in rows) await checklist.TakeBackAsync(row.Item.Key, default);
        await checklist.ListAsync(Plain, default);
        widgets.Allowed(caller).ShouldContain(w => w.Id == "checklist");
    }

    [Fact]
    public async Task View_PointThatThrows_SaysSoAndKeepsTheOthers()
    {
        await using var context = new ShellContext();
        var portal = fixture.Services;
        var (services, changes) = (context.Services, new Topic<ChecklistChanged>("checklist", new BlazorAdmin.Tests.Live.RecordingBus(), Microsoft.Extensions.Logging.Abstractions.NullLogger<Topic<ChecklistChanged>>.Instance));
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        services.AddSingleton(portal.GetRequiredService<IDbContextFactory<BlazorAdmin.Data.AppDbContext>>()).AddSingleton(portal.GetRequiredService<BlazorAdmin.Data.IDatabaseDialect>()).AddSingleton(changes);
        services.AddSingleton(portal.GetRequiredService<Topic<BlazorAdmin.Features.Settings.SettingsChanged>>()).AddSingleton(portal.GetRequiredService<Topic<AccessChanged>>()).AddSingleton(portal.GetRequiredService<Topic<BlazorAdmin.Features.Mail.MailChanged>>());
        services.AddSingleton(admin.Get<CurrentCaller>()).AddScoped<Guard>().AddScoped<PageVisibility>().AddSingleton<SliceTexts>();
        services.AddSingleton<IChecklistItem, Broken>().AddSingleton(portal.GetServices<IChecklistItem>().Single(item => item.Key == "recovery-key"));
        services.AddSingleton<ChecklistStatus>().AddSingleton<ChecklistMeasure>().AddScoped<ChecklistService>();

        var view = context.Render<ChecklistView>();

        view.WaitForAssertion(() => view.Find("[data-point=broken]").TextContent.ShouldContain("This could not be measured"));
        await view.ClickOnAsync(v => v.FindAll("[data-point=recovery-key] button").Single(b => b.TextContent == "I have it"));
        view.WaitForAssertion(() => view.Find("[data-point=recovery-key] .chip").ClassList.ShouldContain(Tone.Ok.Css()));
        changes.SubscriberCount.ShouldBe(1);
        await view.InvokeAsync(() => context.DisposeComponentsAsync());
        changes.SubscriberCount.ShouldBe(0);
        await admin.Get<ChecklistService>().TakeBackAsync("recovery-key", default);
    }

    private static async Task<ChecklistFinding> FindAsync(ActingScope admin, string key, Uri? address = null) =>
        (await admin.Get<ChecklistService>().ListAsync(address ?? Plain, default)).Single(row => row.Item.Key == key).Finding;

    private Task BackupAsync(DateTimeOffset at) => fixture.QueryAsync(db =>
    {
        db.Add(new BackupRun { Id = Guid.NewGuid(), StartedAt = at, FinishedAt = at, State = BackupState.Done, Path = "/backups/one" });
        return db.SaveChangesAsync();
    });

    private sealed class Broken : IChecklistItem
    {
        public string Key => "broken";

        public int Order => 0;

        public Type Texts => typeof(ChecklistTexts);

        public string TitleKey => "MailTitle";

        public Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation) => throw new InvalidOperationException("It does not answer.");
    }
}
