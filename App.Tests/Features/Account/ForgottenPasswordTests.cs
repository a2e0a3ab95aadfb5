using System.Diagnostics;
using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Account.Factors;
using BlazorAdmin.Tests.Features.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account;

/// <summary>Somebody who forgot their password helps themselves; nobody learns who has an account.</summary>
[Collection(MailedAccountsCollection.Name)]
public sealed class ForgottenPasswordTests(MailedAccounts mailed)
{
    private static int _networks;

    private PortalFixture Portal => mailed.Portal;

    [MailServerFact]
    public async Task Ask_KnownAccount_MailsALinkOfThePublicAddressThatWorksOnce()
    {
        var user = await Portal.AddUserAsync("forgetful@example.org", Roles.Member);
        using var earlier = await Portal.SignedInAsync("forgetful@example.org");
        using var browser = Portal.Browser();
        browser.Always("X-Forwarded-Host", "evil.example.org");

        using (var answer = await browser.SubmitAsync("/account/forgot", "forgot", [("Email", " Forgetful@Example.org ")])) (await FactorPerson.TextAsync(answer)).ShouldContain("If there is an account");

        var path = MailedAccounts.PathIn(await mailed.MailAsync("forgetful@example.org", "a new password for"));
        path.ShouldStartWith("/account/link?token=");
        var ends = await Portal.QueryAsync(db => db.Set<SignInLink>().Where(l => l.UserId == user.Id).Select(l => l.ExpiresAt - l.CreatedAt).SingleAsync());
        ends.ShouldBe(TimeSpan.FromMinutes(30));
        using (var used = await browser.SubmitAsync(path, "link", [("New", "nine wooden spoons"), ("Repeat", "nine wooden spoons")])) used.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await FactorPerson.TextAsync(await browser.GetAsync(path))).ShouldContain("This link was used");
        (await earlier.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "earlier sign-ins end");
        await mailed.MailAsync("forgetful@example.org", "password set by a one-time link");
        (await Portal.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.forgotten" && e.SubjectId == user.Id.ToString()))).ShouldBe(1);
        var token = path.Split("token=")[1];
        (await Portal.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Detail!.Contains(token)))).ShouldBeFalse();
        (await Portal.QueryAsync(db => db.Set<Job>().AnyAsync(j => j.Arguments.Contains(token)))).ShouldBeFalse();
        (await Portal.QueryAsync(db => db.Set<BlazorAdmin.Features.Logs.LogEntry>().AnyAsync(l => l.Message.Contains(token)))).ShouldBeFalse();
    }

    [MailServerFact]
    public async Task Ask_PersonWithAnApp_IsStillAskedForTheCode()
    {
        using var person = await FactorPerson.CreateAsync(Portal, "guarded-forgetful@example.org");
        await AskAsync("guarded-forgetful@example.org");
        var path = MailedAccounts.PathIn(await mailed.MailAsync("guarded-forgetful@example.org", "a new password for"));
        using var browser = Portal.Browser();

        using var answer = await browser.SubmitAsync(path, "link", [("New", "nine wooden spoons"), ("Repeat", "nine wooden spoons")]);

        answer.Headers.Location!.ToString().ShouldContain("/account/login/code");
        browser.SessionCookie.ShouldBeNull();
    }

    [MailServerFact]
    public async Task Ask_KnownAndUnknown_AnswerAlikeAndInLikeTime()
    {
        for (var i = 0; i < 10; i++) await Portal.AddUserAsync($"known{i}@example.org", Roles.Member);
        using var browser = Portal.Browser();
        await AnswerAsync(browser, "warm-up@example.org");
        var (known, unknown) = (new List<(string Text, TimeSpan Took)>(), new List<(string Text, TimeSpan Took)>());
        // In turns, so that what else the machine does meets both.
        for (var i = 0; i < 10; i++)
        {
            await ForgetCountersAsync();
            known.Add(await AnswerAsync(browser, $"known{i}@example.org"));
            unknown.Add(await AnswerAsync(browser, $"nobod{i}@example.org"));
        }

        known.Concat(unknown).Select(a => a.Text.Length).Distinct().ShouldHaveSingleItem("status and page are the same");
        // What a request does is the same for both by construction; the figure only catches a change of that.
        Math.Abs((Median(known) - Median(unknown)).TotalMilliseconds).ShouldBeLessThan(100);
        (await Portal.QueryAsync(db => db.Set<Job>().CountAsync(j => j.Type == "account.forgotten" && j.Arguments.Contains("NOBOD")))).ShouldBe(10);
    }

    [MailServerFact]
    public async Task Ask_ClosedUnconfirmedOrDirectoryAccount_GetsNothing()
    {
        string[] names = ["closed", "unconfirmed", "directory", "proxy"];
        foreach (var name in names) await Portal.AddUserAsync($"{name}-forgot@example.org", Roles.Member);
        await Portal.QueryAsync(db => db.Users.Where(u => u.Email == "closed-forgot@example.org").ExecuteUpdateAsync(s => s.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow)));
        await Portal.QueryAsync(db => db.Users.Where(u => u.Email == "unconfirmed-forgot@example.org").ExecuteUpdateAsync(s => s.SetProperty(u => u.EmailConfirmed, false)));
        await Portal.QueryAsync(db => db.Users.Where(u => u.Email == "directory-forgot@example.org").ExecuteUpdateAsync(s => s.SetProperty(u => u.DirectoryName, "cn=directory")));

        await Portal.QueryAsync(async db =>
        {
            var user = await db.Users.SingleAsync(u => u.Email == "proxy-forgot@example.org");
            db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = "proxy", ProviderKey = "proxy-forgot", ProviderDisplayName = "proxy" });
            using (AuditScope.EngineOwn()) return await db.SaveChangesAsync();
        });

        foreach (var name in names) (await AskAsync($"{name}-forgot@example.org")).ShouldBe(ForgottenOutcome.Done);

        await Eventually.Holds(async () => await Portal.QueryAsync(db => db.Set<Job>().CountAsync(j => j.Type == "account.forgotten" && j.Arguments.Contains("-FORGOT@") && j.State == JobState.Succeeded)) == names.Length);
        (await Portal.QueryAsync(db => db.Set<MailMessage>().AnyAsync(m => m.Address.EndsWith("-forgot@example.org")))).ShouldBeFalse();
    }

    [MailServerFact]
    public async Task Ask_OneAccountOverAndOver_GetsAtMostThreeMails()
    {
        await Portal.AddUserAsync("flooded@example.org", Roles.Member);

        for (var i = 0; i < 6; i++) (await AskAsync("flooded@example.org")).ShouldBe(ForgottenOutcome.Done, "nobody is told");

        (await Portal.QueryAsync(db => db.Set<Job>().CountAsync(j => j.Type == "account.forgotten" && j.Arguments.Contains("FLOODED")))).ShouldBe(3);
    }

    [MailServerFact]
    public async Task Ask_OneNetworkManyAccounts_IsRefusedAndSaysWhen()
    {
        var place = new SignInPlace("198.51.100.77", "tests");
        await using var scope = Portal.Services.CreateAsyncScope();
        var forgotten = scope.ServiceProvider.GetRequiredService<ForgottenPasswords>();
        for (var i = 0; i < 20; i++) (await forgotten.AskAsync($"many{i}@example.org", place, default)).ShouldBe(ForgottenOutcome.Done);

        (await forgotten.AskAsync("many-more@example.org", place, default)).ShouldBe(ForgottenOutcome.TooMany);
    }

    [MailServerFact]
    public async Task Page_NoAddress_SaysSoAndNoTokenIsRefused()
    {
        using var browser = Portal.Browser();
        using (var answer = await browser.SubmitAsync("/account/forgot", "forgot", [("Email", "not an address")])) (await FactorPerson.TextAsync(answer)).ShouldContain("e-mail address");

        using var forged = await browser.SendAsync(HttpMethod.Post, "/account/forgot", new FormUrlEncodedContent([KeyValuePair.Create("Email", "a@example.org"), KeyValuePair.Create("_handler", "forgot")]));

        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [MailServerFact]
    public async Task WrongPasswords_LockTheAccount_MailsTheOwnerOnceAnHour()
    {
        var user = await Portal.AddUserAsync("guessed@example.org", Roles.Member);
        await using var scope = Portal.Services.CreateAsyncScope();
        var signIns = scope.ServiceProvider.GetRequiredService<SignInService>();
        for (var network = 0; network < 2; network++)
            for (var i = 0; i < 6; i++)
                await signIns.SignInAsync("guessed@example.org", "wrong", remember: false, new SignInPlace($"203.0.113.{10 + network}", "tests"), default);

        (await mailed.MailAsync("guessed@example.org", "locked")).ShouldContain("203.0.113.");
        await Eventually.Holds(async () => await Portal.QueryAsync(db => db.Set<Job>().CountAsync(j => j.Type == "account.locked" && j.State == JobState.Succeeded)) >= 2);
        (await Portal.QueryAsync(db => db.Set<MailMessage>().CountAsync(m => m.UserId == user.Id && m.Template == "account.lockout"))).ShouldBe(1);
    }

    private async Task<ForgottenOutcome> AskAsync(string email)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ForgottenPasswords>().AskAsync(email, new SignInPlace($"10.{Interlocked.Increment(ref _networks)}.0.1", "tests"), default);
    }

    private static async Task<(string Text, TimeSpan Took)> AnswerAsync(PortalClient browser, string email)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await browser.SubmitAsync("/account/forgot", "forgot", [("Email", email)]);
        var took = watch.Elapsed;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await FactorPerson.TextAsync(answer);
        text.ShouldContain("If there is an account");
        return (text, took);
    }

    private Task ForgetCountersAsync() => Portal.QueryAsync(db => db.Set<SignInFailure>().ExecuteDeleteAsync());

    private static TimeSpan Median(List<(string Text, TimeSpan Took)> answers) => answers.Select(a => a.Took).Order().ElementAt(answers.Count / 2);
}
