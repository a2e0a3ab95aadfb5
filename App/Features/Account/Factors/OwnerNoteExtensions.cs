using BlazorAdmin.Data;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

internal static class OwnerNoteExtensions
{
    /// <summary>The note in the portal alone: <see cref="OwnerNotices"/> writes the mail beside it, the command line sends none.</summary>
    public static void TellOwner(this AppDbContext db, Caller caller, Guid userId, string titleKey, string bodyKey, params string[] arguments) => db.Notify(
        caller, Audience.Person(userId), "account.security", NotificationLevel.Warning, NotificationText.Of<AccountTexts>(titleKey, bodyKey, arguments), "/account/security");
}
