using System.Text;
using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Security;

public enum PasswordFault
{
    None,
    TooShort,
    TooLong,
    Common,
    LikeAccount,
}

/// <summary>12 to 128 characters of any kind; no word of the account, no well-known password. No composition rules: length is what counts.</summary>
public static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    public static PasswordFault Check(string password, string? email, string? name)
    {
        // Characters as people count them: an emoji is one.
        var length = password.EnumerateRunes().Count();
        if (length < MinLength) return PasswordFault.TooShort;
        if (length > MaxLength) return PasswordFault.TooLong;
        var plain = Plain(password);
        if (plain.Distinct().Count() < 4 || IsSequence(plain) || IsSequence(password) || KnownPasswords.Contains(password)) return PasswordFault.Common;
        foreach (var word in WordsOf(email, name))
            if (plain.Contains(word, StringComparison.Ordinal) && plain.Length - word.Length < 6) return PasswordFault.LikeAccount;
        return PasswordFault.None;
    }

    private static IEnumerable<string> WordsOf(string? email, string? name)
    {
        foreach (var word in new[] { "blazoradmin", email, email?.Split('@')[0], name }.Concat(name?.Split(' ') ?? []))
            if (word is { Length: >= 4 }) yield return Plain(word);
    }

    // "P4ssw0rd-P4ssw0rd" is the same guess as "passwordpassword".
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
            plain.Append(letter switch { '0' => 'o', '1' => 'l', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => letter });
        return plain.Replace(" ", "").Replace("-", "").Replace("_", "").Replace(".", "").ToString();
    }

    private static bool IsSequence(string text)
    {
        var steps = 0;
        for (var i = 1; i < text.Length; i++)
            if (Math.Abs(text[i] - text[i - 1]) <= 1) steps++;
        return steps >= text.Length - 2;
    }
}

/// <summary>The same rules for Identity's own password operations.</summary>
public sealed class PortalPasswordValidator : IPasswordValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var fault = PasswordRules.Check(password ?? "", user.Email, user.DisplayName);
        return Task.FromResult(fault == PasswordFault.None
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = fault.ToString(), Description = fault.ToString() }));
    }
}
