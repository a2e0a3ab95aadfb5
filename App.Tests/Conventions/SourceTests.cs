using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BlazorAdmin.Tests.Conventions;

public sealed partial class SourceTests
{
    private const int MostLines = 400;

    [Fact]
    public void Files_NoneIsLongerThanFourHundredLines() =>
        Sources("*.cs", "*.razor", "*.js", "*.css").Where(f => File.ReadLines(f).Count() > MostLines).Select(Name).ShouldBeEmpty();

    [Fact]
    public void Code_NoAsyncVoidSleepOrRest() =>
        Sources("*.cs", "*.razor").SelectMany(f => Forbidden().Matches(File.ReadAllText(f)).Select(m => $"{Name(f)}: {m.Value}"))
            .Where(hit => !hit.StartsWith("App.Tests/Conventions/", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Texts_EveryKeyUsedInMarkup_Exists()
    {
        var missing = new List<string>();
        foreach (var file in Sources("*.razor", "*.razor.cs").Where(f => Name(f).StartsWith("App/", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            var partner = file.EndsWith(".cs", StringComparison.Ordinal) ? file[..^3] : file + ".cs";
            var declared = text + (File.Exists(partner) ? File.ReadAllText(partner) : "") + Imports(file);
            if (Marker().Match(declared) is not { Success: true } marker) continue;
            var resources = Directory.GetFiles(Path.Combine(Repository.Root, "App"), marker.Groups[1].Value + ".resx", SearchOption.AllDirectories);
            if (resources is not [var resource]) continue;
            var keys = XDocument.Load(resource).Root!.Elements("data").Select(d => d.Attribute("name")!.Value).ToHashSet();
            missing.AddRange(Used().Matches(text).Select(m => m.Groups[1].Value).Where(k => !keys.Contains(k)).Select(k => $"{Name(file)}: {k}"));
            missing.AddRange(Counted().Matches(text).Select(m => m.Groups[1].Value).Where(k => !keys.Contains(k + "One") || !keys.Contains(k + "Other")).Select(k => $"{Name(file)}: {k}One/Other"));
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Audit_EveryAction_HasAName()
    {
        var names = XDocument.Load(Path.Combine(Repository.Root, "App", "Features", "Audit", "AuditTexts.resx")).Root!.Elements("data").Select(d => d.Attribute("name")!.Value).ToHashSet();
        var actions = Sources("*.cs").Where(f => Name(f).StartsWith("App/", StringComparison.Ordinal)).SelectMany(File.ReadLines)
            .Where(line => line.Contains(".Audit(", StringComparison.Ordinal)).SelectMany(line => AuditAction().Matches(line).Select(m => m.Groups[1].Value)).Distinct().ToList();
        actions.Count.ShouldBeGreaterThan(30);
        actions.Where(action => !names.Contains(action)).ShouldBeEmpty();
    }

    [Fact]
    public void Slices_EachHasATestFolder() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "App", "Features")).Select(Path.GetFileName)
            .Where(slice => !Directory.Exists(Path.Combine(Repository.Root, "App.Tests", "Features", slice!))).ShouldBeEmpty();

    // What a component does not declare, the _Imports.razor of its folders may.
    private static string Imports(string file)
    {
        var text = "";
        for (var folder = Path.GetDirectoryName(file); folder is not null && folder.Length > Repository.Root.Length; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, "_Imports.razor") is var imports && File.Exists(imports))
                text += File.ReadAllText(imports);
        return text;
    }

    private static IEnumerable<string> Sources(params string[] patterns) =>
        from folder in new[] { "App", "App.Tests", "App.E2E", "App.Benchmarks", "wwwroot" }
        from pattern in patterns
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select file;

    private static string Name(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    [GeneratedRegex("\"([a-z]+\\.[a-z_]+)\"")]
    private static partial Regex AuditAction();

    [GeneratedRegex(@"async void|NotImplementedException|Thread\.Sleep|\bTODO\b|\bFIXME\b|#region|catch( \([^)]*\))?\s*\{\s*\}")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"IStringLocalizer<(\w+)>\s+T\b")]
    private static partial Regex Marker();

    [GeneratedRegex(@"\bT\[""([A-Za-z0-9_.]+)""[\],]")]
    private static partial Regex Used();

    [GeneratedRegex(@"\bT\.Count\(""([A-Za-z0-9_]+)"",")]
    private static partial Regex Counted();
}
