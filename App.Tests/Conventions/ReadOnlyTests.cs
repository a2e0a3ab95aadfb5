using System.Text.RegularExpressions;

namespace BlazorAdmin.Tests.Conventions;

/// <summary>
/// A method that asks only whether somebody is signed in, or for a permission that stays with people who can only read, and that
/// saves, enqueues or updates, asks <c>guard.RequireChange</c> instead, unless it stands in the list.
/// </summary>
public sealed partial class ReadOnlyTests
{
    // Save nothing but the row that says that something was read, or what the portal notes about itself.
    private static readonly Dictionary<string, string> OnlyRead = new()
    {
        ["AuditLog.ExportAsync"] = "the row of the export",
        ["DocumentLibrary.Download"] = "the row of the download",
        ["DraftStore.SaveAsync"] = "what is typed during maintenance; refused to who looks as somebody else",
        ["DraftStore.RemoveAsync"] = "likewise",
        ["JobsService.ExportAsync"] = "the row of the export",
        ["LogsService.ExportAsync"] = "the row of the export",
        ["SettingsService.ExportAsync"] = "the row of the export",
        ["UserExport.PeopleAsync"] = "the row of the export",
        ["UserExport.PermissionsAsync"] = "the row of the report",
    };

    [Fact]
    public void Commands_ThatSave_AskForTheRightToChange()
    {
        var (open, checkedMethods) = (new List<string>(), 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains("/obj/", StringComparison.Ordinal) || file.Contains("/bin/", StringComparison.Ordinal) || file.EndsWith("/Guard.cs", StringComparison.Ordinal)) continue;
            var text = File.ReadAllText(file);
            if (!text.Contains("guard.", StringComparison.OrdinalIgnoreCase)) continue;
            var (type, methods) = (Path.GetFileNameWithoutExtension(file).Split('.')[0], Methods(text));
            foreach (var (name, body) in methods)
            {
                if (!Asks(body, methods, name)) continue;
                checkedMethods++;
                if (Saves(body, methods, [name]) && !Change().IsMatch(body) && !OnlyRead.ContainsKey($"{type}.{name}")) open.Add($"{type}.{name}");
            }
        }

        checkedMethods.ShouldBeGreaterThan(20);
        open.ShouldBeEmpty("these change something for people who can only read; if they only note that something was read, say so in the list");
    }

    [Fact]
    public void List_EachEntry_IsStillThere()
    {
        foreach (var entry in OnlyRead.Keys.Select(key => key.Split('.')))
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), entry[0] + ".cs", SearchOption.AllDirectories)
                .ShouldContain(file => File.ReadAllText(file).Contains(entry[1] + "(", StringComparison.Ordinal), string.Join('.', entry));
    }

    /// <summary>Whether the method asks, itself or through a private one of its class, for no more than the right to read.</summary>
    private static bool Asks(string body, IReadOnlyList<(string Name, string Body)> methods, string self) =>
        Weak().IsMatch(body) || methods.Any(m => m.Name != self && m.Name.StartsWith("Require", StringComparison.Ordinal) && Weak().IsMatch(m.Body) && !Change().IsMatch(m.Body) && Calls(body, m.Name) && !body.Contains("change: true", StringComparison.Ordinal));

    private static bool Saves(string body, IReadOnlyList<(string Name, string Body)> methods, HashSet<string> seen) =>
        Save().IsMatch(body) || methods.Any(m => !seen.Contains(m.Name) && Calls(body, m.Name) && !Change().IsMatch(m.Body) && Saves(m.Body, methods, [.. seen, m.Name]));

    private static bool Calls(string body, string name) => Regex.IsMatch(body, $@"(?<![.\w]){name}(<[^>]+>)?\(");

    private static List<(string Name, string Body)> Methods(string text)
    {
        var starts = Member().Matches(text);
        return [.. starts.Select((m, i) => (m.Groups[1].Value, text[m.Index..(i + 1 < starts.Count ? starts[i + 1].Index : text.Length)]))];
    }

    [GeneratedRegex(@"guard\.(RequireSignedIn\(|RequireDocuments\(|Require\(\w+Permissions\.(\w*Read|Own|Commands)\b|Require\(permission\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Weak();

    [GeneratedRegex(@"guard\.(RequireChange\(|Require\(\w+Permissions\.(?!(\w*Read|Own|Commands)\b))|change: true", RegexOptions.IgnoreCase)]
    private static partial Regex Change();

    [GeneratedRegex(@"\.(SaveChangesAsync|ExecuteUpdateAsync|ExecuteDeleteAsync|EnqueueAsync|Enqueue)\(")]
    private static partial Regex Save();

    [GeneratedRegex(@"^    (?:public|internal|private|protected)[^\n=;({]*?\b(\w+)(?:<[^>\n]+>)?\((?!\))?", RegexOptions.Multiline)]
    private static partial Regex Member();
}
