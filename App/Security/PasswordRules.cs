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

    // Before the list, which is made of them.
    private static readonly string[] Tails =
        ["1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "!", "1!", "123!", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "2024!", "2025!", "2026!"];

    private static readonly HashSet<string> Common = Load();

    public static PasswordFault Check(string password, string? email, string? name)
    {
        // Characters as people count them: an emoji is one.
        var length = password.EnumerateRunes().Count();
        if (length < MinLength) return PasswordFault.TooShort;
        if (length > MaxLength) return PasswordFault.TooLong;
        var plain = Plain(password);
        if (Common.Contains(plain) || plain.Distinct().Count() < 4 || IsSequence(plain)) return PasswordFault.Common;
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
    private static string Plain(string text)
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

    private static HashSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("BlazorAdmin.Security.common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not part of the program.");
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var word = Plain(line.Trim());
            if (word.Length == 0) continue;
            // Short favourites reach twelve characters by repeating or by a year behind them.
            words.Add(word);
            for (var longer = word + word; longer.Length <= 24; longer += word) words.Add(longer);
            foreach (var tail in Tails) words.Add(word + Plain(tail));
        }

        return words;
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
