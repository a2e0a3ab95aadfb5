using System.Xml.Linq;
using BlazorAdmin.Features.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingDocsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("SettingDocs.resx")]
    [InlineData("SettingDocs.de.resx")]
    public void Texts_EverySectionAndKey_IsDescribedAndNothingElse(string file)
    {
        var texts = XDocument.Load(Path.Combine(Repository.Root, "App", "Features", "Settings", file)).Root!.Elements("data").Select(data => data.Attribute("name")!.Value).ToHashSet();
        var sections = fixture.Services.GetRequiredService<SettingsCatalog>().Sections;
        var wanted = sections.Select(section => $"Section.{section.Name}").Concat(sections.SelectMany(SettingKeys.Declared).Select(key => key.Name)).ToHashSet();
        wanted.Except(texts).ShouldBeEmpty($"settings without a text in {file}");
        texts.Except(wanted).ShouldBeEmpty($"texts in {file} of settings that are not there");
    }

    [Fact]
    public void Faults_EachHasASentence()
    {
        var texts = XDocument.Load(Path.Combine(Repository.Root, "App", "Features", "Settings", "SettingsTexts.resx")).Root!.Elements("data").Select(data => data.Attribute("name")!.Value).ToHashSet();
        Enum.GetNames<SettingFault>().Select(name => $"Issue{name}").Except(texts).ShouldBeEmpty();
    }
}
