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
}
