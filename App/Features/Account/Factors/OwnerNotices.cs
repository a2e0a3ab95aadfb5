using BlazorAdmin.Data;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

internal static class OwnerNotices
{
    /// <summary>Tells a person in the portal that the ways into their account changed or were tried, so that a stranger's doing does not go unseen.</summary>
    public static void TellOwner(this AppDbContext db, Caller caller, Guid userId, string titleKey, string bodyKey, params string[] arguments) => db.Notify(
        caller, Audience.Person(userId), "account.security", NotificationLevel.Warning, NotificationText.Of<AccountTexts>(titleKey, bodyKey, arguments), "/account/security");
}
