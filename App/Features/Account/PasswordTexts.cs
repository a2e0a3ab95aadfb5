using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Account;

public static class PasswordTexts
{
    /// <returns>What is wrong and what to do, or null if nothing is.</returns>
    public static string? Describe(IStringLocalizer<AccountTexts> texts, PasswordFault fault) => fault switch
    {
        PasswordFault.None => null,
        PasswordFault.TooShort => texts["PasswordTooShort", PasswordRules.MinLength].Value,
        PasswordFault.TooLong => texts["PasswordTooLong", PasswordRules.MaxLength].Value,
        PasswordFault.LikeAccount => texts["PasswordLikeAccount"].Value,
        _ => texts["PasswordCommon"].Value,
    };
}
