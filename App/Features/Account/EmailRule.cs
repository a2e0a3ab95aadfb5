using System.Net.Mail;

namespace BlazorAdmin.Features.Account;

public static class EmailRule
{
    public const int MaxLength = 254;

    /// <summary>One plain address, no display name, nothing that could break out of a mail header.</summary>
    public static bool IsValid(string? email) =>
        email is not null && email.Trim() is var text && text.Length <= MaxLength && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(text, out var parsed) && parsed.Address == text && parsed.Host.Length > 0;
}
