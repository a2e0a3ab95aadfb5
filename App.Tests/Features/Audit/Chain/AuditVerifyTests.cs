using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

/// <summary>Verifying in a running portal: button, job, command line, health.</summary>
[Collection(Alone.Name)]
public sealed class AuditVerifyTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Verify_ByAnAuditor_RunsAsAJobAndIsItselfAudited()
    {
        await fixture.AddUserAsync("verifier@example.org", Roles.Auditor);
        await using var auditor = await fixture.ActAsAsync("verifier@example.org");

        var job = await auditor.Get<AuditChain>().VerifyAsync(default);
        await EndsAsync(job, JobState.Succeeded);

        var status = await auditor.Get<AuditChain>().StatusAsync(default);
        status.Last.ShouldNotBeNull().ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Rows.ShouldBeGreaterThan(0), r => r.Protected.ShouldBeTrue());
        status.Running.ShouldBeNull();
        status.Head.ShouldBeGreaterThan(0);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "audit.verify" && e.SubjectId == $"{job}"))).ShouldBe(1);
    }

    [Fact]
    public async Task Verify_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("nosy@example.org", Roles.Member);
        await using var member = await fixture.ActAsAsync("nosy@example.org");

        await Should.ThrowAsync<ForbiddenException>(() => member.Get<AuditChain>().VerifyAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => member.Get<AuditChain>().StatusAsync(default));
    }

    [PostgresFact]
    public async Task Verify_AfterARowWasChanged_FailsEverywhereAndNamesIt()
    {
        await fixture.AddUserAsync("careful@example.org", Roles.Auditor);
        await using var auditor = await fixture.ActAsAsync("careful@example.org");
        (await VerbAsync()).Code.ShouldBe(0);
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        var action = await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Sequence == 1).Select(e => e.Action).SingleAsync());
        await TamperAsync("harmless");
        try
        {
            var (code, output) = await VerbAsync();
            code.ShouldBe(1);
            output.ShouldContain("row #1 (id ");
            output.ShouldContain("was changed after it was sealed");
            (await HealthAsync()).ShouldSatisfyAllConditions(h => h.Status.ShouldBe(HealthStatus.Unhealthy), h => h.Description.ShouldNotBeNull().ShouldContain("row #1"));
            await EndsAsync(await auditor.Get<AuditChain>().VerifyAsync(default), JobState.Failed);
        }
        finally
        {
            await TamperAsync(action);
        }

        (await VerbAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Health_TailNotSealedForMinutes_IsDegraded()
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        var time = new FakeTime(DateTimeOffset.UtcNow.AddHours(1));
        await using var node = await ChainNode.CreateAsync(time: time);
        var check = new AuditHealthCheck(node.Get<IDbContextFactory<AppDbContext>>(), node.Get<Verifications>(), node.Get<IAuditSql>(), time);
        (await check.CheckHealthAsync(new())).ShouldSatisfyAllConditions(h => h.Status.ShouldBe(HealthStatus.Degraded), h => h.Description.ShouldNotBeNull().ShouldContain("does not refuse"));

        await node.ProtectAsync();
        (await check.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);
        await node.WriteAsync(1);
        (await check.CheckHealthAsync(new())).ShouldSatisfyAllConditions(h => h.Status.ShouldBe(HealthStatus.Degraded), h => h.Description.ShouldNotBeNull().ShouldContain("not been sealed"));
    }

    [Fact]
    public async Task Card_VerifyPressed_ShowsTheResultAndLeavesNoSubscriber()
    {
        var portal = fixture.Services;
        var topic = portal.GetRequiredService<Topic<AuditChainChanged>>();
        var before = topic.SubscriberCount;
        await using (var context = new ShellContext())
        {
            context.Services.AddSingleton(portal.GetRequiredService<IDbContextFactory<AppDbContext>>()).AddSingleton(topic).AddSingleton(portal.GetRequiredService<AuditSignal>());
            context.Services.AddSingleton(portal.GetRequiredService<AccessRegistry>()).AddSingleton(portal.GetRequiredService<Verifications>()).AddSingleton(portal.GetRequiredService<JobQueue>());
            context.Services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<AuditChain>();
            var admin = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());
            context.Services.GetRequiredService<CurrentCaller>().Use(
                new Caller(admin, null, "Ada Lovelace", AppDbContext.DefaultTenant, null, new[] { AuditPermissions.Read, AuditPermissions.Verify }.ToFrozenSet()));

            var card = context.Render<ChainCard>();
            card.WaitForAssertion(() => card.Markup.ShouldContain("ealed"));
            await card.InvokeAsync(() => card.Find("button").ClickAsync(new()));

            card.WaitForAssertion(() => card.FindAll(".chip.ok").ShouldContain(chip => chip.TextContent.Contains("as written", StringComparison.Ordinal)));
            card.WaitForAssertion(() => card.Markup.ShouldContain("Sealed up to #"));
        }

        await Eventually.Holds(() => topic.SubscriberCount == before, because: "the card has gone");
    }

    private Task EndsAsync(long job, JobState state) =>
        Eventually.Holds(async () => await fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Id == job).Select(j => j.State).SingleAsync()) == state, because: $"the job is {state}");

    private async Task<HealthCheckResult> HealthAsync()
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<AuditHealthCheck>(scope.ServiceProvider).CheckHealthAsync(new());
    }

    // As the owner of the tables can.
    private Task<int> TamperAsync(string action) => fixture.QueryAsync(async db =>
    {
        await db.Database.ExecuteSqlAsync($"""ALTER TABLE "AuditEntries" DISABLE TRIGGER "AuditEntries_Rows" """);
        var changed = await db.Database.ExecuteSqlAsync($"""UPDATE "AuditEntries" SET "Action" = {action} WHERE "Sequence" = 1""");
        await db.Database.ExecuteSqlAsync($"""ALTER TABLE "AuditEntries" ENABLE ALWAYS TRIGGER "AuditEntries_Rows" """);
        return changed;
    });

    private async Task<(int Code, string Output)> VerbAsync()
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        var (output, before, errors) = (new StringWriter(), Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(output);
        try
        {
            return (await scope.ServiceProvider.GetRequiredService<AuditVerifyVerb>().RunAsync([], default), output.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errors);
        }
    }
}
