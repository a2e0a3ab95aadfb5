using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>The sync against a real directory, run as the job that it is.</summary>
public sealed class DirectorySyncTests(DirectorySite site) : IClassFixture<DirectorySite>
{
    [SlapdFact]
    public async Task Sync_ChangedGoneAndBack_FollowsTheDirectoryAndTheBrakeHolds()
    {
        string[] people = ["ann", "ben", "cid", "dan", "eve", "fay", "gus", "hal"];
        foreach (var uid in people) await site.AddPersonAsync(uid);
        foreach (var uid in people) await site.EnterAsync(uid);
        var ids = await site.QueryAsync(db => db.Users.Where(u => u.DirectoryName != null).ToDictionaryAsync(u => u.UserName!.Split('@')[0], u => u.Id));
        await using var admin = await site.ActAsAdminAsync();
        var service = admin.Get<DirectoryService>();

        // Nothing to do.
        (await service.DryRunAsync(default)).ShouldSatisfyAllConditions(p => p.Changes.ShouldBe(0), p => p.Found.ShouldBe(8), p => p.Linked.ShouldBe(8));

        // One has another name, address and group; one is gone.
        await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf("ann")}\nchangetype: modify\nreplace: displayName\ndisplayName: Ann Newname\n-\nreplace: mail\nmail: ann.new@example.org");
        await site.Slapd.AddGroupAsync("ops", "ann");
        await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf("ben")}\nchangetype: delete");
        var dry = await service.DryRunAsync(default);
        dry.Lines.Single(l => l.UserId == ids["ann"]).ShouldSatisfyAllConditions(l => l.NewName.ShouldBe("Ann Newname"), l => l.NewMail.ShouldBe("ann.new@example.org"), l => l.Given.ShouldBe(["Operator"]));
        dry.Lines.Single(l => l.UserId == ids["ben"]).Close.ShouldBeTrue();
        (await site.QueryAsync(db => db.Users.Where(u => u.Id == ids["ann"]).Select(u => u.DisplayName).SingleAsync())).ShouldBe("Ann Example", "a dry run changes nothing");

        await RunAsync(service, JobState.Succeeded);

        var ann = await site.QueryAsync(db => db.Users.SingleAsync(u => u.Id == ids["ann"]));
        (ann.DisplayName, ann.Email, ann.NormalizedUserName).ShouldBe(("Ann Newname", "ann.new@example.org", "ANN.NEW@EXAMPLE.ORG"));
        (await site.RolesAsync(ids["ann"])).ShouldBe(["Operator"]);
        var ben = await site.QueryAsync(db => db.Users.SingleAsync(u => u.Id == ids["ben"]));
        (ben.DeactivatedAt is not null, ben.DirectoryGoneAt is not null).ShouldBe((true, true));
        (await site.QueryAsync(db => db.Set<SignInSession>().Where(s => s.UserId == ids["ben"]).Select(s => s.EndReason).SingleAsync())).ShouldBe(SessionEnd.Deactivated);
        (await site.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "directory.close").Select(e => e.SubjectId).ToListAsync())).ShouldBe([ids["ben"].ToString()]);

        // Three more of seven: that looks like a wrong filter.
        await site.Slapd.ChangeAsync(string.Join("\n\n", new[] { "cid", "dan", "eve" }.Select(uid => $"dn: {TestSlapd.EntryOf(uid)}\nchangetype: delete")));
        (await service.DryRunAsync(default)).Braked.ShouldBeTrue();
        (await RunAsync(service, JobState.Failed)).ShouldContain("looks like a wrong filter");
        (await site.QueryAsync(db => db.Users.CountAsync(u => u.DeactivatedAt != null))).ShouldBe(1);
        (await service.ReadAsync(default)).Last.ShouldNotBeNull().Braked.ShouldBeTrue();

        // An administrator closes two of them by hand and so takes them out of the count; the rest follows.
        var users = admin.Get<UserAdministration>();
        foreach (var uid in new[] { "cid", "dan" }) (await users.DeactivateAsync(ids[uid], default)).Outcome.ShouldBe(UserOutcome.Done);
        await RunAsync(service, JobState.Succeeded);
        (await site.QueryAsync(db => db.Users.Where(u => u.DirectoryGoneAt != null).Select(u => u.Id).ToListAsync())).ShouldBe([ids["ben"], ids["eve"]], ignoreOrder: true);
    }

    [SlapdFact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        await using var scope = site.Portal.Services.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<DirectoryService>();
        var nobody = new Caller(Guid.NewGuid(), Guid.NewGuid(), "nobody", BlazorAdmin.Data.AppDbContext.DefaultTenant, null, System.Collections.Frozen.FrozenSet<string>.Empty);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(nobody);

        await Should.ThrowAsync<ForbiddenException>(() => service.ReadAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => service.TestAsync("x", _ => { }, default));
        await Should.ThrowAsync<ForbiddenException>(() => service.DryRunAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => service.RunAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => service.LinkAsync(Guid.NewGuid(), "x", default));
        var singleSignOn = scope.ServiceProvider.GetRequiredService<SingleSignOnService>();
        await Should.ThrowAsync<ForbiddenException>(() => singleSignOn.ReadAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => singleSignOn.LinkAsync("x@example.org", "x", default));
    }

    [SlapdFact]
    public async Task Test_Directory_ShowsEveryStepAndOnePersonAndNoPassword()
    {
        await site.AddPersonAsync("shown");
        await site.Slapd.AddGroupAsync("root", "shown");
        await using var admin = await site.ActAsAdminAsync();
        var steps = new List<LdapStep>();

        var (works, mapping) = await admin.Get<DirectoryService>().TestAsync("shown", steps.Add, default);

        works.ShouldBeTrue();
        steps.Where(s => s.Took is not null).Select(s => s.Stage).ShouldBe([LdapStage.Resolve, LdapStage.Connect, LdapStage.Encrypt, LdapStage.SignIn, LdapStage.Search, LdapStage.Person]);
        mapping.ShouldNotBeNull().ShouldSatisfyAllConditions(m => m.Outcome.ShouldBe(MappingOutcome.WouldCreate), m => m.Roles.ShouldBe(["Administrator"]), m => m.Person!.Groups.ShouldBe([$"cn=root,{TestSlapd.Base}"]));
        (await admin.Get<DirectoryService>().TestAsync("nobody-at-all", steps.Add, default)).Mapping!.Outcome.ShouldBe(MappingOutcome.NotFound);
        string.Join(' ', steps.Select(s => s.Answer)).ShouldNotContain(TestSlapd.PortalPassword);
        (await site.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "directory.test" && e.Outcome == AuditOutcome.Done))).ShouldBeGreaterThan(1);
        (await site.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Detail!.Contains(TestSlapd.PortalPassword)))).ShouldBeFalse();
    }

    [SlapdFact]
    public async Task Health_Configured_AsksTheDirectory()
    {
        await using var scope = site.Portal.Services.CreateAsyncScope();
        var check = ActivatorUtilities.CreateInstance<DirectoryHealthCheck>(scope.ServiceProvider);

        var result = await check.CheckHealthAsync(new HealthCheckContext());

        result.Data["server"].ShouldBe($"ldaps://localhost:{site.Slapd.TlsPort}");
    }

    /// <returns>What the job said at its end.</returns>
    private async Task<string> RunAsync(DirectoryService service, JobState state)
    {
        var id = (await service.RunAsync(default)).ShouldNotBeNull();
        await Eventually.Holds(() => site.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Id == id && j.FinishedAt != null)), because: "the sync ends");
        var job = await site.QueryAsync(db => db.Set<Job>().AsNoTracking().SingleAsync(j => j.Id == id));
        job.State.ShouldBe(state, job.Error);
        return job.Error ?? "";
    }
}
