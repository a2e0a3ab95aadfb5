using System.Xml.Linq;

namespace BlazorAdmin.Tests.Shell;

public sealed class TextsTests
{
    [Fact]
    public void ResourceFiles_EveryLanguage_HasTheSameKeysAndPlaceholders()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.resx", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".de.resx", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)).ToList();
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            var (english, german) = (Read(file), Read(Path.ChangeExtension(file, ".de.resx")));
            german.Keys.ShouldBe(english.Keys, ignoreOrder: true, file);
            foreach (var (key, text) in english)
            {
                Placeholders(german[key]).ShouldBe(Placeholders(text), $"{file}: {key}");
                german[key].ShouldNotBeNullOrWhiteSpace($"{file}: {key}");
            }
        }
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Placeholders(string text) => string.Concat(Enumerable.Range(0, 6).Where(i => text.Contains($"{{{i}", StringComparison.Ordinal)));
}
