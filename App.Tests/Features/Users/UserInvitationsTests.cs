using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Features.Account;
using BlazorAdmin.Tests.Features.Account.Factors;
using BlazorAdmin.Tests.Features.Mail;

namespace BlazorAdmin.Tests.Features.Users;

/// <summary>People get their account by mail.</summary>
[Collection(MailedAccountsCollection.Name)]
public sealed class UserInvitationsTests(MailedAccounts mailed)
{
    private PortalFixture Portal => mailed.Portal;

    [MailServerFact]
    public async Task Invite_NewPerson_GetsALinkThatLeadsIn()
    {
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        var result = await admin.Get<UserAdministration>().CreateAsync(new NewUser("Grace", "invited@example.org", null, [], Invite: true), default);
        (result.Outcome, result.Link).ShouldBe((UserOutcome.Done, null));

        var body = await mailed.MailAsync("invited@example.org", "Ada Lovelace invites you");
        var row = (await admin.Get<UserDirectory>().ListAsync(new ListQuery().WithFilter("state", "invited").WithSearch("invited@"), default)).Rows.ShouldHaveSingleItem();
        row.IsInvited.ShouldBeTrue();
        (row.InvitationEndsAt!.Value - row.InvitedAt!.Value).ShouldBe(Invitations.Lifetime);
        using var browser = Portal.Browser();
        using var answer = await browser.SubmitAsync(MailedAccounts.PathIn(body), "link", [("New", "twelve glass marbles"), ("Repeat", "twelve glass marbles")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        browser.SessionCookie.ShouldNotBeNull();
        (await admin.Get<UserInvitations>().GetAsync(result.UserId!.Value, default)).ShouldBeNull("who came in is not invited any more");
        (await admin.Get<UserInvitations>().SendAsync(result.UserId!.Value, default)).Outcome.ShouldBe(UserOutcome.CameInAlready);
    }

    [MailServerFact]
    public async Task Invite_AgainAndWithdrawn_EarlierLinksEnd()
    {
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        var id = (await admin.Get<UserAdministration>().CreateAsync(new NewUser("Late", "late@example.org", null, [], Invite: true), default)).UserId!.Value;
        var first = MailedAccounts.TokenIn(await mailed.MailAsync("late@example.org", "invites you"));
        var (invitations, links) = (admin.Get<UserInvitations>(), admin.Get<SignInLinks>());

        (await invitations.SendAsync(id, default)).Outcome.ShouldBe(UserOutcome.Done);
        string? second = null;
        await Eventually.Holds(() => (second = mailed.BodiesTo("late@example.org").Select(MailedAccounts.TokenIn).FirstOrDefault(t => t != first)) is not null);
        (await links.FindAsync(first, default)).ShouldBeNull();
        (await links.FindAsync(second!, default))!.Kind.ShouldBe(SignInLinkKind.Invitation);

        (await invitations.WithdrawAsync(id, default)).Outcome.ShouldBe(UserOutcome.Done);
        (await links.FindAsync(second!, default)).ShouldBeNull();
        (await invitations.GetAsync(id, default)).ShouldBeNull();
        using var browser = Portal.Browser();
        (await FactorPerson.TextAsync(await browser.GetAsync($"/account/link?token={second}"))).ShouldContain("This link was used");
        var rows = await Portal.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.SubjectId == id.ToString() && e.Action.StartsWith("users.")).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());
        rows.ShouldBe(["users.create", "users.invite", "users.invite_withdrawn"]);
    }

    [MailServerFact]
    public async Task Invite_AddressCannotBeMailed_MakesNoAccount()
    {
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        await MailedAccounts.SetAsync(admin, ("Mail:From", ""));
        try
        {
            admin.Get<UserInvitations>().CanSend.ShouldBeFalse();
            (await admin.Get<UserAdministration>().CreateAsync(new NewUser("No", "no-mail@example.org", null, [], Invite: true), default)).Outcome.ShouldBe(UserOutcome.MailNotPossible);
        }
        finally
        {
            await MailedAccounts.SetAsync(admin, ("Mail:From", "portal@example.org"));
        }

        (await Portal.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "no-mail@example.org"))).ShouldBeFalse();
    }

    [MailServerFact]
    public async Task Bulk_SendLinks_MailsEachTheirOwnAndLeavesTheClosedOut()
    {
        var (one, two, closed) = (await Portal.AddUserAsync("bulk-one@example.org"), await Portal.AddUserAsync("bulk-two@example.org"), await Portal.AddUserAsync("bulk-closed@example.org"));
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().DeactivateAsync(closed.Id, default);

        var result = await admin.Get<UserBulk>().RunAsync(BulkUserCommand.SendLink, new BulkUsers([one.Id, two.Id, closed.Id], new ListQuery()), null, default);

        result.Changed.ShouldBe([one.Id, two.Id], ignoreOrder: true);
        result.Skipped[UserOutcome.NotFound].ShouldBe(1);
        foreach (var address in new[] { "bulk-one@example.org", "bulk-two@example.org" })
            (await admin.Get<SignInLinks>().FindAsync(MailedAccounts.TokenIn(await mailed.MailAsync(address, "an account was made for you")), default))!.Email.ShouldBe(address, StringCompareShould.IgnoreCase);
        (await Portal.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.password_link_mailed" && e.Count == 2))).ShouldBe(1);
    }

    [MailServerFact]
    public async Task EveryCommand_WithoutThePermission_IsRefused()
    {
        var user = await Portal.AddUserAsync("plain-invited@example.org", Roles.Member);
        await using var scope = await Portal.ActAsAsync("plain-invited@example.org");

        await Should.ThrowAsync<ForbiddenException>(() => scope.Get<UserInvitations>().SendAsync(user.Id, default));
        await Should.ThrowAsync<ForbiddenException>(() => scope.Get<UserInvitations>().WithdrawAsync(user.Id, default));
        await Should.ThrowAsync<ForbiddenException>(() => scope.Get<UserInvitations>().GetAsync(user.Id, default));
        await Should.ThrowAsync<ForbiddenException>(() => scope.Get<UserAddress>().ChangeAsync(user.Id, "new@example.org", default));
    }
}
