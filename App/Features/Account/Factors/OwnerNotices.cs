using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Tells people that the ways into their account changed or were tried, so that a stranger's doing does not go unseen: in the portal, and by mail where there is a server.</summary>
public sealed class OwnerNotices(MailOutbox outbox, IStringLocalizer<AccountTexts> texts, TimeProvider time)
{
    /// <summary>Writes both into <paramref name="db"/>; the mail goes to the address that is stored, which is still the old one where it changes.</summary>
    /// <param name="titleKey">What happened, in the account's texts.</param>
    /// <param name="bodyKey">What to do if it was somebody else.</param>
    public async Task TellAsync(AppDbContext db, Caller caller, Guid userId, string titleKey, string bodyKey, CancellationToken cancellation, params string[] arguments)
    {
        db.TellOwner(caller, userId, titleKey, bodyKey, arguments);
        if (!outbox.IsConfigured) return;
        var person = await db.Users.AsNoTracking().Where(u => u.Id == userId).Select(u => new { u.Email, u.DisplayName, u.Language }).SingleOrDefaultAsync(cancellation);
        if (person?.Email is not { } address) return;
        await MailAsync(db, caller, new MailRecipient(address, person.DisplayName, person.Language, userId), titleKey, bodyKey, cancellation, arguments);
    }

    /// <summary>The mail alone.</summary>
    public async Task MailAsync(AppDbContext db, Caller caller, MailRecipient to, string titleKey, string bodyKey, CancellationToken cancellation, params string[] arguments)
    {
        if (!outbox.IsConfigured) return;
        var (title, body) = Read(outbox.LanguageFor(to), titleKey, bodyKey, arguments);
        var model = new MailModel().With("event", title).With("advice", body).With("time", MailOutbox.Moment(time.GetUtcNow()));
        await outbox.SendAsync(db, caller, MailTemplates.AccountSecurity, model, to, cancellation);
    }

    private (string Title, string Body) Read(string language, string titleKey, string bodyKey, string[] arguments)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return (texts[titleKey, arguments], texts[bodyKey, arguments]);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
