using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

public enum EmailOutcome
{
    /// <summary>A link is on its way to the new address, or, if it belongs to another account, a word to its owner: the caller is not told which.</summary>
    Done,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    EmailInvalid,

    /// <summary>That is the address already, and it is confirmed.</summary>
    Unchanged,

    /// <summary>The organisation's directory says what the address is.</summary>
    FromDirectory,

    TooMany,

    /// <summary>No mail server is configured, or no public address for links.</summary>
    MailNotPossible,
}

/// <summary>What somebody's account says about its address.</summary>
/// <param name="Awaited">The address whose confirmation is awaited; null: none.</param>
/// <param name="AwaitedUntil">When the link to it ends.</param>
public sealed record EmailState(string Email, bool IsConfirmed, bool IsFromDirectory, string? Awaited, DateTimeOffset? AwaitedUntil);

/// <summary>What a confirming link would do.</summary>
public sealed record EmailLinkView(string Name, string NewEmail);

public enum EmailConfirmation
{
    Done,

    /// <summary>The link is unknown, used or too old, or the account is closed.</summary>
    LinkGone,

    /// <summary>Another account has taken the address meanwhile.</summary>
    Taken,
}

/// <summary>Moves one's account to another e-mail address once a link that was mailed there is opened and confirmed.</summary>
public sealed class EmailChange(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, FreshProof proof, AccountFactory accounts, MailOutbox outbox, OwnerNotices notices,
    Topic<AccessChanged> changes, TimeProvider time)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(2);

    private const int MostAnHour = 5;

    /// <summary>A confirming link can be mailed.</summary>
    public bool CanSend => outbox.CanSendLinks;

    public async Task<EmailState> GetAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        var link = await db.Set<SignInLink>().AsNoTracking().Where(l => l.UserId == user.Id && l.Kind == SignInLinkKind.EmailChange && l.UsedAt == null && l.ExpiresAt > now)
            .OrderByDescending(l => l.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new EmailState(user.Email!, user.EmailConfirmed, user.DirectoryName is not null, link?.NewEmail, link?.ExpiresAt);
    }

    /// <summary>Mails a confirming link to the new address, and a word to the present one. Until the link is confirmed nothing changes.</summary>
    public async Task<EmailOutcome> AskAsync(string? email, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!CanSend) return EmailOutcome.MailNotPossible;
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return EmailOutcome.ProofNeeded;
        if (!EmailRule.IsValid(email)) return EmailOutcome.EmailInvalid;
        var (address, account, now) = (email!.Trim(), accounts.Normalize(email), time.GetUtcNow());
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        if (user.DirectoryName is not null) return EmailOutcome.FromDirectory;
        if (user.Email == address && user.EmailConfirmed) return EmailOutcome.Unchanged;
        var hourAgo = now.AddHours(-1);
        // Counted by the audit, which also keeps the attempts for addresses of others.
        if (await db.Set<AuditEntry>().CountAsync(e => e.TenantId == caller.TenantId && e.ActorId == user.Id && e.Action == "account.email_asked" && e.At > hourAgo, cancellation) >= MostAnHour) return EmailOutcome.TooMany;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await SignInLinks.RemoveUnusedAsync(db, user.Id, SignInLinkKind.EmailChange, cancellation);
        // A link is made in either case, so that the page shows the same; nobody gets the one to an address that is taken.
        var token = AddLink(db, user, address, now, out var ends);
        var owner = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account && u.Id != user.Id, cancellation);
        if (owner is null) await MailLinkAsync(db, caller, user, address, token, ends, cancellation);
        else await notices.TellAsync(db, caller with { TenantId = owner.TenantId }, owner.Id, "EmailWantedTitle", "EmailWantedBody", cancellation);
        await notices.TellAsync(db, caller, user.Id, "EmailAskedTitle", "EmailAskedBody", cancellation, address);
        db.Audit(caller, "account.email_asked", "user", user.Id, user.DisplayName, new { taken = owner is not null });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return EmailOutcome.Done;
    }

    /// <summary>What the link would do. Open to anonymous callers, as looking at it changes nothing.</summary>
    public async Task<EmailLinkView?> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length is 0 or > 200) return null;
        var (hash, now) = (SignInLink.HashOf(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await (
            from link in db.Set<SignInLink>().AsNoTracking()
            join user in db.Users on link.UserId equals user.Id
            where link.TokenHash == hash && link.Kind == SignInLinkKind.EmailChange && link.NewEmail != null && link.UsedAt == null && link.ExpiresAt > now && user.DeactivatedAt == null
            select new EmailLinkView(user.DisplayName, link.NewEmail!)).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Makes the change. Whoever has the link reads the new mailbox; that it is wanted was proved when it was asked for, so nobody need be signed in. Sign-ins stay, other links end.</summary>
    public async Task<EmailConfirmation> ConfirmAsync(string token, SignInPlace place, CancellationToken cancellation)
    {
        if (await FindAsync(token, cancellation) is not { } view) return EmailConfirmation.LinkGone;
        var (hash, now) = (SignInLink.HashOf(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Whoever sets the mark has the link; a second post at the same time finds it set.
        if (await db.Set<SignInLink>().Where(l => l.TokenHash == hash && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellation) != 1) return EmailConfirmation.LinkGone;
        var id = await db.Set<SignInLink>().Where(l => l.TokenHash == hash).Select(l => l.UserId).SingleAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        if (user.DeactivatedAt is not null) return EmailConfirmation.LinkGone;
        var account = accounts.Normalize(view.NewEmail);
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == account && u.Id != id, cancellation)) return EmailConfirmation.Taken;
        var caller = new Caller(user.Id, null, user.DisplayName, user.TenantId, place.Address, FrozenSet<string>.Empty);
        // Before the change: the word goes to the old address.
        if (user.NormalizedEmail != account) await notices.TellAsync(db, caller, id, "EmailChangedTitle", "EmailChangedBody", cancellation, view.NewEmail);
        SetAddress(user, view.NewEmail, account, isConfirmed: true);
        db.Audit(caller, "account.email", "user", id, user.DisplayName);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return EmailConfirmation.Taken;
        }

        await SignInLinks.RemoveUnusedAsync(db, id, cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(id));
        return EmailConfirmation.Done;
    }

    internal static void SetAddress(User user, string address, string normalized, bool isConfirmed) =>
        (user.Email, user.UserName, user.NormalizedEmail, user.NormalizedUserName, user.EmailConfirmed) = (address, address, normalized, normalized, isConfirmed);

    /// <summary>Adds a confirming link and the mail with it to the context of a command of <paramref name="caller"/>.</summary>
    internal async Task SendLinkAsync(AppDbContext db, Caller caller, User user, string address, CancellationToken cancellation)
    {
        var token = AddLink(db, user, address, time.GetUtcNow(), out var ends);
        await MailLinkAsync(db, caller, user, address, token, ends, cancellation);
    }

    private static string AddLink(AppDbContext db, User user, string address, DateTimeOffset now, out DateTimeOffset ends)
    {
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.EmailChange, now, LinkLifetime);
        (link.NewEmail, ends) = (address, link.ExpiresAt);
        db.Add(link);
        return token;
    }

    private Task<MailMessage> MailLinkAsync(AppDbContext db, Caller caller, User user, string address, string token, DateTimeOffset ends, CancellationToken cancellation)
    {
        var model = new MailModel().With("link", outbox.LinkTo($"account/email/confirm?token={token}")).With("expires", MailOutbox.Moment(ends)).With("newAddress", address);
        return outbox.SendAsync(db, caller, MailTemplates.AccountEmailChange, model, new MailRecipient(address, user.DisplayName, user.Language, user.Id), cancellation);
    }
}
