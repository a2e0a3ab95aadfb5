using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Mail;

/// <summary>From a command to the mail server: outbox, job, log, suppression.</summary>
public sealed class MailSendTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [MailServerFact]
    public async Task Send_ServerTakesIt_IsLoggedAndItsContentIsGone()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, server.Options());

        var id = await site.SendAsync("grace@example.org", link: "https://portal.example.org/account/link?token=topsecret");

        var sent = await site.Reaches(id, MailState.Sent);
        (sent.Attempts, sent.Body, sent.TemplateVersion, sent.Language).ShouldBe((1, null, 0, "de"));
        sent.Answer.ShouldNotBeNull().ShouldContain("Taken as number 1");
        sent.SentAt.ShouldNotBeNull();
        // What other tests left waiting may arrive here too.
        var mail = await Eventually.Yields(() => Task.FromResult(server.Taken.FirstOrDefault(m => m.Content.Contains($"<{id:N}@example.org>", StringComparison.Ordinal))));
        mail.Bodies[0].ShouldContain("token=topsecret");
        mail.Bodies[0].ShouldContain("Guten Tag Grace Hopper");
    }

    [MailServerFact]
    public async Task Send_Stored_HoldsNoSecretInTheClear()
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions());
        var id = await site.SendAsync("grace@example.org", link: "https://portal.example.org/?token=topsecret");

        var row = await site.ReadAsync(id);
        row.Body.ShouldNotBeNull().ShouldStartWith("v1.");
        $"{row.Subject}{row.Body}{row.Answer}".ShouldNotContain("topsecret");
    }

    [Fact]
    public async Task Send_CallerRollsBack_LeavesNothing()
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions { Host = "localhost", From = "portal@example.org" }, start: false);
        Guid id;
        await using (var db = await site.Databases.CreateDbContextAsync())
        await using (await db.Database.BeginTransactionAsync())
        {
            id = (await site.WriteAsync(db, "grace@example.org", "l")).Id;
            await db.SaveChangesAsync();
        }

        (await site.QueryAsync(db => db.Set<MailMessage>().AnyAsync(m => m.Id == id))).ShouldBeFalse();
        (await site.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.SubjectUrl == $"/admin/mail?item={id}"))).ShouldBeFalse();
    }

    [MailServerFact]
    public async Task Send_NoServerYet_WaitsAndLeavesOnceThereIsOne()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, new MailOptions());
        var id = await site.SendAsync("waits@example.org");

        (await site.Upkeep.ResumeAsync(default)).ShouldBe(0);
        var waiting = await site.ReadAsync(id);
        (waiting.State, waiting.Answer, waiting.JobId).ShouldBe((MailState.Queued, MailAnswers.NoServer, null));

        site.Options.Set(server.Options());
        (await site.Upkeep.ResumeAsync(default)).ShouldBeGreaterThanOrEqualTo(1);
        (await site.Upkeep.ResumeAsync(default)).ShouldBe(0, "a second node finds nothing left");
        await site.Reaches(id, MailState.Sent);
    }

    [MailServerFact]
    public async Task Send_MailboxDoesNotExist_FailsAtOnceAndSuppressesTheAddress()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, server.Options());

        var failed = await site.Reaches(await site.SendAsync("Gone@example.org"), MailState.Failed);

        failed.Attempts.ShouldBe(1);
        failed.Answer.ShouldNotBeNull().ShouldContain("550 5.1.1 No such mailbox");
        (await site.Node.Reaches(failed.JobId!.Value, JobState.Failed)).Attempts.ShouldBe(1);
        (await site.QueryAsync(db => db.Set<MailSuppression>().SingleAsync(s => s.Address == "gone@example.org"))).Answer.ShouldContain("5.1.1");
        (await site.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "mail.suppress" && e.SubjectName == "gone@example.org"))).ShouldBe(1);
        var next = await site.ReadAsync(await site.SendAsync("gone@EXAMPLE.org"));
        (next.State, next.JobId).ShouldBe((MailState.Suppressed, null));
    }

    [MailServerFact]
    public async Task Send_RefusedByPolicy_FailsAndSuppressesNothing()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, server.Options());

        await site.Reaches(await site.SendAsync("policy@example.org"), MailState.Failed);

        (await site.QueryAsync(db => db.Set<MailSuppression>().AnyAsync(s => s.Address == "policy@example.org"))).ShouldBeFalse();
    }

    [MailServerFact]
    public async Task Send_ServerIsBusy_IsTriedAgainUntilItIsTaken()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, server.Options());

        var id = await site.SendAsync("busy@example.org");
        await site.WaitsAfterAttempt(id, 1);
        (await site.ReadAsync(id)).Answer.ShouldNotBeNull().ShouldContain("451");
        await site.HurryAsync(id);
        await site.WaitsAfterAttempt(id, 2);
        await site.HurryAsync(id);

        (await site.Reaches(id, MailState.Sent)).Attempts.ShouldBe(3);
    }

    [MailServerFact]
    public async Task Send_StallsThenDrops_EachIsTriedAgain()
    {
        await using var server = await TestMailServer.StartAsync();
        await using (var impatient = await MailSite.StartAsync(fixture, server.Options(o => o.AnswerSeconds = 1)))
        {
            var stalls = await impatient.SendAsync("stall@example.org");
            await impatient.WaitsAfterAttempt(stalls, 1);
            (await impatient.ReadAsync(stalls)).Answer.ShouldNotBeNull().ShouldContain("did not answer within 1 s");
        }

        // A node of its own: the second is for the answer that never comes alone.
        await using var site = await MailSite.StartAsync(fixture, server.Options());
        var drops = await site.SendAsync("drop@example.org");
        await site.WaitsAfterAttempt(drops, 1);
        (await site.ReadAsync(drops)).Answer.ShouldNotBeNull().ShouldContain("ended the connection");
    }

    [Theory]
    [InlineData("x@example.org\r\nBcc: y@example.org")]
    [InlineData("no address")]
    public async Task Send_AddressCannotBeUsed_FailsWithoutAJob(string address)
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions { Host = "localhost", From = "portal@example.org" }, start: false);

        var row = await site.ReadAsync(await site.SendAsync(address));

        (row.State, row.Answer, row.Body).ShouldBe((MailState.Failed, MailAnswers.BadAddress, null));
        (await site.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.SubjectUrl == $"/admin/mail?item={row.Id}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task Send_ChangedTemplate_IsUsedAndAnOutdatedOneIsNot()
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions(), start: false);
        await site.QueryAsync(async db =>
        {
            db.Add(new MailTemplateVersion { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Template = "account.setup", Language = "de", Version = 3, Subject = "Eigener Betreff {{portal}}", Text = "{{link}}", Html = "{{link}}" });
            db.Add(new MailTemplateVersion { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Template = "account.invitation", Language = "de", Version = 1, Subject = "{{gone}}", Text = "x", Html = "x" });
            return await db.SaveChangesAsync();
        });

        var own = await site.ReadAsync(await site.SendAsync("grace@example.org", template: MailTemplates.AccountSetup));
        (own.TemplateVersion, own.Subject).ShouldBe((3, "Eigener Betreff BlazorAdmin"));
        var outdated = await site.ReadAsync(await site.SendAsync("grace@example.org", template: MailTemplates.AccountInvitation));
        (outdated.TemplateVersion, outdated.Subject).ShouldBe((0, "Ada Lovelace lädt Sie zu BlazorAdmin ein"));
    }

    [Theory]
    [InlineData("{{link}}}", 11)]
    [InlineData("\\{{#if link}}x{{/if}}", 12)]
    [InlineData("{{#if link}}a{{else}}b{{else}}c{{/if}}", 13)]
    public async Task Send_StoredTemplateCannotBeFilledIn_TheDeliveredTextIsSent(string text, int version)
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions(), start: false);
        await site.QueryAsync(async db =>
        {
            db.Add(new MailTemplateVersion { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Template = "account.invitation", Language = "de", Version = version, Subject = "Eigener Betreff", Text = text, Html = "x" });
            return await db.SaveChangesAsync();
        });

        var sent = await site.ReadAsync(await site.SendAsync("grace@example.org", template: MailTemplates.AccountInvitation));

        (sent.TemplateVersion, sent.Subject).ShouldBe((0, "Ada Lovelace lädt Sie zu BlazorAdmin ein"));
    }

    [MailServerFact]
    public async Task Upkeep_JobWasCancelled_GivesTheMailUp()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var site = await MailSite.StartAsync(fixture, server.Options());
        var id = await site.SendAsync("busy@example.org");
        await site.WaitsAfterAttempt(id, 1);
        await site.QueryAsync(db => db.Set<Job>().Where(j => j.SubjectUrl == $"/admin/mail?item={id}").ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, DateTimeOffset.UtcNow)));

        (await site.Upkeep.GiveUpAsync(default)).ShouldBe(1);

        (await site.ReadAsync(id)).State.ShouldBe(MailState.Failed);
    }

    [Fact]
    public async Task Upkeep_JobWasCancelledBeforeItsFirstRun_GivesOnlyThatMailUp()
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions { Host = "localhost", From = "portal@example.org" }, start: false);
        var (cancelled, waiting) = (await site.SendAsync("never-run@example.org"), await site.SendAsync("still-waits@example.org"));
        await site.QueryAsync(db => db.Set<Job>().Where(j => j.SubjectUrl == $"/admin/mail?item={cancelled}").ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, DateTimeOffset.UtcNow)));
        (await site.Upkeep.GiveUpAsync(default)).ShouldBe(0, "its job could still be on its way");
        await site.QueryAsync(db => db.Set<MailMessage>().Where(m => m.Id == cancelled || m.Id == waiting).ExecuteUpdateAsync(set => set.SetProperty(m => m.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-10))));

        (await site.Upkeep.GiveUpAsync(default)).ShouldBe(1);

        (await site.ReadAsync(cancelled)).State.ShouldBe(MailState.Failed);
        (await site.ReadAsync(waiting)).State.ShouldBe(MailState.Queued);
    }

    [Fact]
    public async Task CleanUp_OldMails_GoAndContentsGoEarlier()
    {
        await using var site = await MailSite.StartAsync(fixture, new MailOptions { RetentionDays = 30, ContentDays = 7 }, start: false);
        var (old, middle, waiting) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await site.QueryAsync(async db =>
        {
            db.AddRange(Mail(old, 40, MailState.Failed), Mail(middle, 10, MailState.Failed), Mail(waiting, 40, MailState.Queued));
            return await db.SaveChangesAsync();
        });

        await site.Upkeep.CleanUpAsync(default);

        (await site.QueryAsync(db => db.Set<MailMessage>().AnyAsync(m => m.Id == old))).ShouldBeFalse();
        (await site.ReadAsync(middle)).Body.ShouldBeNull();
        (await site.ReadAsync(waiting)).Body.ShouldNotBeNull("it still waits");
    }

    [Fact]
    public async Task Health_WithAndWithoutServer_SaysWhatWaits()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new SetOptions<MailOptions>(new MailOptions());
        var state = new DatabaseState();
        state.SetReady();
        var databases = new TestDatabases(database.ConnectionString);
        var check = new MailHealthCheck(databases, state, options, TimeProvider.System);

        (await check.CheckHealthAsync(new())).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(HealthStatus.Healthy), r => r.Description!.ShouldContain("No mail server is configured"));
        options.Set(new MailOptions { Host = "localhost", From = "portal@example.org" });
        (await check.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);
        await using (var db = databases.CreateDbContext())
        {
            db.Add(Mail(Guid.NewGuid(), 1, MailState.Queued));
            await db.SaveChangesAsync();
        }

        (await check.CheckHealthAsync(new())).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(HealthStatus.Degraded), r => r.Description!.ShouldContain("1 mails wait"));
    }

    private static MailMessage Mail(Guid id, int days, MailState state) => new()
    {
        Id = id, TenantId = AppDbContext.DefaultTenant, Template = "mail.test", Language = "en", Address = "old@example.org", Subject = "old", Body = "sealed", State = state, CreatedAt = DateTimeOffset.UtcNow.AddDays(-days),
    };
}
