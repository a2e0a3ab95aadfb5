using System.Text.Json;

namespace BlazorAdmin.Security;

/// <summary>
/// Passwords that guessers try first: the 49,000 most common of known breaches (zxcvbn-ts, most common first) and a few words of this house and of German
/// that are not among them. A favourite that is lengthened the usual ways (doubled, digits and signs around it) is the same favourite.
/// </summary>
internal static class KnownPasswords
{
    // A year, "1234", "!!": more is no longer guessed along with the word.
    private const int MostDigits = 4;
    private const int MostSigns = 3;

    private static readonly Lazy<HashSet<string>> Words = new(() => [.. MostCommon().Concat(Local()).Select(PasswordRules.Plain).Where(word => word.Length > 0)]);

    public static bool Contains(string password)
    {
        foreach (var start in Cuts(i => password[i], password.Length))
            foreach (var end in Cuts(i => password[password.Length - 1 - i], password.Length - start))
                if (IsWordOrRepeats(PasswordRules.Plain(password[start..(password.Length - end)]))) return true;
        return false;
    }

    /// <summary>As breaches have them, most common first.</summary>
    public static IReadOnlyList<string> MostCommon()
    {
        using var stream = Open("BlazorAdmin.Security.passwords.json");
        return JsonSerializer.Deserialize<List<string>>(stream) ?? [];
    }

    public static IReadOnlyList<string> Local()
    {
        using var reader = new StreamReader(Open("BlazorAdmin.Security.local-passwords.txt"));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static bool IsWordOrRepeats(string plain)
    {
        if (plain.Length == 0) return false;
        if (Words.Value.Contains(plain)) return true;
        for (var unit = 1; unit <= plain.Length / 2; unit++)
            if (plain.Length % unit == 0 && plain.AsSpan(unit).SequenceEqual(plain.AsSpan(0, plain.Length - unit)) && Words.Value.Contains(plain[..unit])) return true;
        return false;
    }

    // How much may be taken off one end: signs, then digits, then the signs that set them off. The word may end in digits itself.
    private static HashSet<int> Cuts(Func<int, char> at, int length)
    {
        var signs = Signs(at, 0, length);
        var digits = 0;
        while (signs + digits < length && char.IsAsciiDigit(at(signs + digits))) digits++;
        var cuts = new HashSet<int> { 0, signs };
        for (var taken = 1; taken <= digits; taken++)
            if (taken <= MostDigits || (taken == digits && IsRun(at, signs, digits))) cuts.Add(signs + taken + Signs(at, signs + taken, length));
        return cuts;
    }

    private static int Signs(Func<int, char> at, int from, int length)
    {
        var signs = 0;
        while (signs < MostSigns && from + signs < length && !char.IsLetterOrDigit(at(from + signs)) && !char.IsSurrogate(at(from + signs))) signs++;
        return signs;
    }

    // 123456, 654321, 000000; zero follows nine.
    private static bool IsRun(Func<int, char> at, int from, int digits)
    {
        var step = (at(from + 1) - at(from) + 10) % 10;
        if (step is not (0 or 1 or 9)) return false;
        for (var i = 1; i < digits; i++)
            if ((at(from + i) - at(from + i - 1) + 10) % 10 != step) return false;
        return true;
    }

    private static Stream Open(string resource) =>
        typeof(KnownPasswords).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not part of the program.");
}
