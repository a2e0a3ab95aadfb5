using System.Text;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsFileParserTests
{
    [Theory]
    [InlineData("a.json", """{ "Documents": { "MaxBytes": 5, "Types": ["pdf", "png"], "On": true }, /* why */ "Name": "ä", }""")]
    [InlineData("a.yaml", "Documents:\n  MaxBytes: 5\n  Types: [pdf, png]\n  On: true\nName: ä\nUnset: ~\n")]
    [InlineData("a.YML", "Documents:\n  MaxBytes: 5\n  Types:\n  - pdf\n  - png\n  On: true\nName: \"ä\"\n")]
    [InlineData("a.env", "# why\nDocuments__MaxBytes=5\nDocuments__Types__0=pdf\nDocuments__Types__1=png\nDocuments__On=true\nName=\"ä\"\n")]
    public void Parse_EveryFormat_GivesTheSameKeys(string name, string content)
    {
        var values = SettingsFileParser.Parse(name, Encoding.UTF8.GetBytes(content));
        values["documents:maxbytes"].ShouldBe("5");
        values["Documents:Types:0"].ShouldBe("pdf");
        values["Documents:Types:1"].ShouldBe("png");
        values["Documents:On"].ShouldNotBeNull().ShouldBe("true", StringCompareShould.IgnoreCase);
        values["Name"].ShouldBe("ä");
        values.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("a.json", "{ \"A\": ")]
    [InlineData("a.json", "[1]")]
    [InlineData("a.json", "{ \"A\": 1, \"a\": 2 }")]
    [InlineData("a.yaml", "A: [1")]
    [InlineData("a.yaml", "A: 1\nA: 2")]
    [InlineData("a.yaml", "just words")]
    [InlineData("a.yaml", "A: 1\n---\nB: 2")]
    [InlineData("a.env", "A=1\nwhat is this")]
    [InlineData("a.yaml", "A: &a [*a]")]
    public void Parse_Broken_SaysSoInOneLine(string name, string content) =>
        Should.Throw<SettingsFileException>(() => SettingsFileParser.Parse(name, Encoding.UTF8.GetBytes(content))).Message.ShouldNotContain("\n");

    [Theory]
    [InlineData("a.json", "{ \"Password\": \"s3cret\", \"A\": oops }")]
    [InlineData("a.yaml", "Password: s3cret\nA: [\n")]
    [InlineData("a.yaml", "Password: s3cret\nPassword: s3cret\n")]
    [InlineData("a.env", "Password=s3cret\nwhat is this")]
    [InlineData("a.env", "Password=s3cret\nPassword=s3cret")]
    [InlineData("a.env", "Password='s3cret")]
    public void Parse_BrokenFileWithSecrets_TheReasonHasNoneOfThem(string name, string content) =>
        Should.Throw<SettingsFileException>(() => SettingsFileParser.Parse(name, Encoding.UTF8.GetBytes(content))).Message.ShouldNotContain("s3cret");

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.yaml")]
    [InlineData("a.env")]
    public void Parse_Empty_NoValuesOrRefused(string name)
    {
        if (name == "a.json") Should.Throw<SettingsFileException>(() => SettingsFileParser.Parse(name, []));
        else SettingsFileParser.Parse(name, []).ShouldBeEmpty();
    }

    [Fact]
    public void Parse_AliasesThatMultiply_AreRefused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Should.Throw<SettingsFileException>(() => SettingsFileParser.Parse("bomb.yaml", Encoding.UTF8.GetBytes(bomb.ToString())));
    }

    [Fact]
    public void Parse_TooLarge_IsRefused() => Should.Throw<SettingsFileException>(() => SettingsFileParser.Parse("a.env", new byte[SettingsFileParser.MaxBytes + 1]));
}
