using System.Text.Json;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Tests.Features.Audit;

public sealed class PersonalValueTests
{
    private const string Name = "Zoë \"Z\" O'Neill \\ <b>";

    [Fact]
    public void Redact_GenuineValue_LeavesTheCommitmentAndIsStable()
    {
        var json = Row(PersonalValue.Of(Name));

        var redacted = PersonalValue.Redact(json);

        redacted.ShouldNotBeNull().ShouldNotContain("Zoë");
        redacted.ShouldNotContain("salt");
        redacted.ShouldContain("{\"seal\":\"");
        PersonalValue.Redact(redacted).ShouldBe(redacted);
        AuditDiff.Of(json, null).ShouldHaveSingleItem().Before.ShouldBe(Name);
        AuditDiff.Of(redacted, redacted).ShouldHaveSingleItem().Before.ShouldBe(PersonalValue.Erased);
    }

    [Fact]
    public void Redact_AnyCharacterChanged_ChangesWhatTheChainCovers()
    {
        var json = Row(PersonalValue.Of(Name));
        var covered = PersonalValue.Redact(json);
        for (var i = 0; i < json.Length; i++)
            PersonalValue.Redact(json[..i] + (json[i] == 'A' ? 'B' : 'A') + json[(i + 1)..]).ShouldNotBe(covered, $"character {i} of {json}");
    }

    [Fact]
    public void Redact_SameTextSpelledOtherwise_ChangesWhatTheChainCovers()
    {
        var json = Row(PersonalValue.Of("Zoë"));

        PersonalValue.Redact(json.Replace("Zoë", "Zo\\u00EB", StringComparison.Ordinal)).ShouldNotBe(PersonalValue.Redact(json));
    }

    [Fact]
    public void Of_SameTextTwice_CannotBeRecognised() => PersonalValue.Of(Name)["seal"].ShouldNotBe(PersonalValue.Of(Name)["seal"]);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{\"seal\":1}")]
    [InlineData("a text that says \"seal\":")]
    public void Redact_SomethingElse_StaysAsItIs(string? json) => PersonalValue.Redact(json).ShouldBe(json);

    private static string Row(Dictionary<string, string> value) => JsonSerializer.Serialize(
        new[] { new { entity = "User", id = "1", values = new Dictionary<string, object> { ["DisplayName"] = value } } }, AuditExtensions.Json);
}
