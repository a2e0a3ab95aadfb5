using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Tests.Features.Audit;

public sealed class AuditDiffTests
{
    [Fact]
    public void Of_ChangedMadeAndDeleted_PairsProperties()
    {
        const string before = """[{"entity":"User","id":"1","values":{"Name":"A","Age":3,"Same":"x"}},{"entity":"Role","id":"2","values":{"Name":"Old"}}]""";
        const string after = """[{"entity":"User","id":"1","values":{"Name":"B","Age":4,"Same":"x"}},{"entity":"Link","id":"3","values":{"To":null,"On":true}}]""";

        AuditDiff.Of(before, after).ShouldBe(
        [
            new AuditChange("User", "1", "Name", "A", "B"),
            new AuditChange("User", "1", "Age", "3", "4"),
            new AuditChange("Role", "2", "Name", "Old", null),
            new AuditChange("Link", "3", "On", null, "true"),
        ]);
    }

    [Fact]
    public void Of_Secret_ShowsOnlyThatItChanged()
    {
        const string masked = """[{"entity":"User","id":"1","values":{"PasswordHash":"***"}}]""";

        AuditDiff.Of(masked, masked).ShouldBe([new AuditChange("User", "1", "PasswordHash", "***", "***")]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""[{"other":1}]""")]
    public void Of_Unreadable_IsEmpty(string? text) => AuditDiff.Of(text, text).ShouldBeEmpty();

    [Fact]
    public void Lines_Detail_ReadsMembers() =>
        AuditDiff.Lines("""{"given":["Editor","Support"],"reason":"asked","count":2}""").ShouldBe([("given", "Editor, Support"), ("reason", "asked"), ("count", "2")]);
}
