using BlazorAdmin.Features.Directories;

namespace BlazorAdmin.Tests.Features.Directories;

public sealed class RoleMapTests
{
    private static readonly RoleMap Map = new(["cn=ops, ou=Groups,dc=example,dc=org => Operator", "auditors => Auditor", "CN=Root,DC=example,DC=org=>Administrator", "nonsense", "second => operator"]);

    [Theory]
    [InlineData("cn=ops,ou=groups,dc=example,dc=org", "Operator")]
    [InlineData("CN=Ops, OU=Groups, DC=example, DC=org", "Operator")]
    [InlineData("cn=ops,ou=others,dc=example,dc=org", "")]
    [InlineData("cn=Auditors,ou=anywhere,dc=example,dc=org", "Auditor")]
    [InlineData("auditors", "Auditor")]
    [InlineData("auditors2", "")]
    public void RolesOf_Group_IsFoundByWholeNameOrCn(string group, string role) => string.Join(',', Map.RolesOf([group])).ShouldBe(role);

    [Fact]
    public void RolesOf_SeveralGroups_EachRoleOnce() =>
        Map.RolesOf(["cn=ops,ou=groups,dc=example,dc=org", "second", "auditors"]).ShouldBe(["Operator", "Auditor"], ignoreOrder: true);

    [Theory]
    [InlineData("ops => Operator", true)]
    [InlineData("ops =>", false)]
    [InlineData("=> Operator", false)]
    [InlineData("ops = Operator", false)]
    public void CanRead_Line_HasGroupAndRole(string line, bool good) => RoleMap.CanRead(line).ShouldBe(good);
}
