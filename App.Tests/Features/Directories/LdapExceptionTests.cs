using System.Globalization;
using System.Resources;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Tests.Features.Directories;

public sealed class LdapExceptionTests
{
    [Theory]
    [InlineData(LdapStage.Connect, LdapFault.Unreachable, null, true)]
    [InlineData(LdapStage.Encrypt, LdapFault.Certificate, null, true)]
    [InlineData(LdapStage.SignIn, LdapFault.SignInRefused, null, true)]
    [InlineData(LdapStage.Search, LdapFault.NoAnswer, null, true)]
    [InlineData(LdapStage.Person, LdapFault.Dropped, null, true)]
    [InlineData(LdapStage.Person, LdapFault.Refused, 51, true)]
    [InlineData(LdapStage.Search, LdapFault.Refused, 52, true)]
    [InlineData(LdapStage.Search, LdapFault.Incomplete, 4, false)]
    [InlineData(LdapStage.Search, LdapFault.Refused, 11, false)]
    [InlineData(LdapStage.Search, LdapFault.NotLdap, null, false)]
    [InlineData(LdapStage.Search, LdapFault.BadFilter, null, false)]
    [InlineData(LdapStage.Person, LdapFault.Ambiguous, null, false)]
    public void IsOutage_OnlyWhatNoSignInNameBringsAbout(LdapStage stage, LdapFault fault, int? code, bool outage) => new LdapException(stage, fault, "", code).IsOutage.ShouldBe(outage);

    [Theory]
    [InlineData("")]
    [InlineData("de")]
    public void Faults_EachHasItsWords(string culture)
    {
        var texts = new ResourceManager(typeof(DirectoriesTexts)).GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false).ShouldNotBeNull();

        foreach (var fault in Enum.GetValues<LdapFault>()) texts.GetString($"Fault{fault}").ShouldNotBeNullOrEmpty(fault.ToString());
    }
}
