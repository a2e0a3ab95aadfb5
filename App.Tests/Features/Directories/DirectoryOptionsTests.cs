using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Directories;

namespace BlazorAdmin.Tests.Features.Directories;

public sealed class DirectoryOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreGood() => Faults(new DirectoryOptions()).ShouldBeEmpty();

    [Theory]
    [InlineData("ldaps://dc1.example.org ldaps://dc2.example.org:3269", true, "")]
    [InlineData("ldap://dc1.example.org", true, "")]
    [InlineData("ldap://dc1.example.org", false, "StartTls")]
    [InlineData("ldap://localhost", false, "")]
    [InlineData("ldap://[::1]:3890", false, "")]
    [InlineData("dc1.example.org", true, "Servers")]
    [InlineData("http://dc1.example.org", true, "Servers")]
    [InlineData("ldap://user@dc1.example.org", true, "Servers")]
    [InlineData("", true, "Servers")]
    public void Validate_Servers_PasswordsNeverCrossTheNetworkInTheClear(string servers, bool startTls, string fault) =>
        string.Join(',', Faults(new DirectoryOptions { Enabled = true, Servers = servers, StartTls = startTls, BaseDn = "dc=example,dc=org" })).ShouldBe(fault);

    [Fact]
    public void Validate_FiltersAndMap_NameWhatIsWrong()
    {
        Faults(new DirectoryOptions { UserFilter = "(uid=grace)" }).ShouldBe(["UserFilter"]);
        Faults(new DirectoryOptions { UserFilter = "(uid={login}" }).ShouldBe(["UserFilter"]);
        Faults(new DirectoryOptions { GroupFilter = "(member=x)" }).ShouldBe(["GroupFilter"]);
        Faults(new DirectoryOptions { NestedGroups = true }).ShouldBe(["NestedGroups"]);
        Faults(new DirectoryOptions { GroupRoles = ["ops => Operator", "ops"] }).ShouldBe(["GroupRoles:1"]);
        Faults(new DirectoryOptions { AuthorityFile = "/no/such/file.pem" }).ShouldBe(["AuthorityFile"]);
    }

    [Theory]
    [InlineData("https://id.example.org/logout", true)]
    [InlineData("/oauth2/sign_out", true)]
    [InlineData("//evil.example.org", false)]
    [InlineData("javascript:alert(1)", false)]
    public void Validate_LogoutUrl_IsAPageToGoTo(string url, bool good) => (Faults(new SingleSignOnOptions { LogoutUrl = url }).Count == 0).ShouldBe(good);

    [Fact]
    public void Validate_SignOnEnabled_WantsTheSharedSecret()
    {
        Faults(new SingleSignOnOptions { Enabled = true }).ShouldBe(["Secret"]);
        Faults(new SingleSignOnOptions { Enabled = true, Secret = "sixteen letters!" }).ShouldBeEmpty();
    }

    [Fact]
    public void Validate_SignOnHeader_IsNoneThatMeansSomethingElse() => Faults(new SingleSignOnOptions { UserHeader = "Cookie" }).ShouldBe(["UserHeader"]);

    [Fact]
    public void Validate_SignOnWithTheNameAlone_IsGood() => Faults(new SingleSignOnOptions { Enabled = true, Secret = "sixteen letters!", MailHeader = "", NameHeader = null, GroupsHeader = "" }).ShouldBeEmpty();

    private static List<string> Faults(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.SelectMany(r => r.MemberNames)];
    }
}
