using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Security;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("elevenchars", PasswordFault.TooShort)]
    [InlineData("", PasswordFault.TooShort)]
    [InlineData("Password1234", PasswordFault.Common)]
    [InlineData("passwordpassword", PasswordFault.Common)]
    [InlineData("P4ssw0rd-P4ssw0rd", PasswordFault.Common)]
    [InlineData("qwertyuiop123", PasswordFault.Common)]
    [InlineData("willkommen2026", PasswordFault.Common)]
    [InlineData("aaaaaaaaaaaaaaaa", PasswordFault.Common)]
    [InlineData("abcdefghijklmnop", PasswordFault.Common)]
    [InlineData("1234567890123", PasswordFault.Common)]
    [InlineData("Summer-2026!!", PasswordFault.Common)]
    [InlineData("!!2026sunshine", PasswordFault.Common)]
    [InlineData("Dragon-87654321", PasswordFault.Common)]
    [InlineData("zugangsdaten", PasswordFault.Common)]
    [InlineData("123qweasdzxc", PasswordFault.Common)]
    [InlineData("dragon58203147", PasswordFault.None)]
    [InlineData("blazoradmin!12", PasswordFault.LikeAccount)]
    [InlineData("ada.lovelace77", PasswordFault.LikeAccount)]
    [InlineData("four quiet rivers", PasswordFault.None)]
    [InlineData("no digits needed", PasswordFault.None)]
    [InlineData("🐢🐙🦉🐝🦊🐸🐧🐬🦔🐿🦩🐞", PasswordFault.None)]
    public void Check_Password_FindsTheFault(string password, PasswordFault expected) =>
        PasswordRules.Check(password, "ada.lovelace@example.org", "Ada Lovelace").ShouldBe(expected);

    [Theory]
    [InlineData(12, PasswordFault.None)]
    [InlineData(128, PasswordFault.None)]
    [InlineData(129, PasswordFault.TooLong)]
    public void Check_Length_HasBothEnds(int length, PasswordFault expected) =>
        PasswordRules.Check(string.Concat(Enumerable.Range(0, length).Select(i => "kx9 wq!zt"[i * 5 % 9])), null, null).ShouldBe(expected);

    /// <summary>ASVS 6.2.4: three thousand at least, of the length that is asked for.</summary>
    [Fact]
    public void Check_MostCommonOfBreaches_AreRefusedAsTheyAreAndLengthened()
    {
        var words = KnownPasswords.MostCommon();
        words.Count.ShouldBeGreaterThan(40_000);
        words.Take(2).ShouldBe(["123456", "password"]);

        var tried = words.Where(word => word.Length >= PasswordRules.MinLength).ToList();
        foreach (var word in words.Take(3_000).Where(word => word.Length < PasswordRules.MinLength))
        {
            var twice = word;
            while (twice.Length < PasswordRules.MinLength) twice += word;
            tried.Add(twice);
            if (word.Length >= 7) tried.Add($"{word}2026!");
        }

        tried.Count.ShouldBeGreaterThan(3_000);
        tried.Where(password => PasswordRules.Check(password, null, null) != PasswordFault.Common).ShouldBeEmpty();
    }

    [Fact]
    public void Local_Words_AreNotAmongThoseOfThePackage() => KnownPasswords.Local().Intersect(KnownPasswords.MostCommon()).ShouldBeEmpty();
}
