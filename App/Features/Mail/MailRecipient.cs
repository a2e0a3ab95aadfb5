using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Features.Mail;

/// <summary>To whom a mail goes.</summary>
/// <param name="Language">What the person chose, as a culture's name; null for the setting's.</param>
/// <param name="UserId">Null for an address outside.</param>
public sealed record MailRecipient(string Address, string Name, string? Language = null, Guid? UserId = null)
{
    public static MailRecipient Of(User user) => new(user.Email ?? "", user.DisplayName, user.Language, user.Id);
}
