using System.Formats.Asn1;
using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Tests.Features.Directories;

public sealed class LdapFilterTests
{
    [Theory]
    [InlineData("*)(uid=*", @"\2a\29\28uid=\2a")]
    [InlineData("a\\b", @"a\5cb")]
    [InlineData("nul\0byte", @"nul\00byte")]
    [InlineData("Grüße 🙂", "Grüße 🙂")]
    public void Escape_SpecialLetters_MeanThemselves(string typed, string escaped) => LdapFilter.Escape(typed).ShouldBe(escaped);

    [Theory]
    [InlineData("(uid=grace)")]
    [InlineData("(&(objectClass=person)(|(uid=a*b*c)(mail=*))(!(cn>=x))(cn<=y)(cn~=z))")]
    [InlineData("(member:1.2.840.113556.1.4.1941:=cn=ops,dc=example,dc=org)")]
    [InlineData("(cn:dn:2.5.13.5:=Ops)")]
    [InlineData("(:dn:2.5.13.5:=Ops)")]
    [InlineData(@"(cn=\28brackets\29)")]
    [InlineData("(&)")]
    public void Problem_Readable_IsNull(string filter) => LdapFilter.Problem(filter).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("uid=grace")]
    [InlineData("(uid=grace")]
    [InlineData("(uid=grace))")]
    [InlineData("(=x)")]
    [InlineData("(uid)")]
    [InlineData(@"(uid=\zz)")]
    [InlineData(@"(uid=\2)")]
    [InlineData("(!(a=b)(c=d))")]
    [InlineData("(a=b)(c=d)")]
    [InlineData("(:=x)")]
    public void Problem_Unreadable_SaysWhere(string filter) => LdapFilter.Problem(filter).ShouldNotBeNull();

    [Fact]
    public void Problem_NestedTooDeeply_IsRefused() => LdapFilter.Problem(string.Concat(Enumerable.Repeat("(!", 5000)) + "(a=b)" + new string(')', 5000)).ShouldNotBeNull().ShouldContain("deeply");

    [Fact]
    public void Write_Equality_IsWhatRfc4511Says()
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);

        LdapFilter.Write(writer, @"(uid=\2a)");

        Convert.ToHexString(writer.Encode()).ShouldBe("A308" + "0403" + "756964" + "0401" + "2A");
    }

    [Fact]
    public void Fill_HostileName_StaysOneValue() =>
        LdapFilter.Fill("(&(objectClass=person)(uid={login}))", ("login", "*)(objectClass=*")).ShouldBe(@"(&(objectClass=person)(uid=\2a\29\28objectClass=\2a))");
}
