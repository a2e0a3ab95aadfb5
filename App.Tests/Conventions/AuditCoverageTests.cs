using System.Text.RegularExpressions;

namespace BlazorAdmin.Tests.Conventions;

/// <summary>
/// A method that asks for the right to change something writes an audit row, itself or through a method of its class, unless
/// it stands in the list. What saving an audited entity without a row does is refused by the interceptor at run time.
/// </summary>
public sealed partial class AuditCoverageTests
{
    // Ask for a right to change and change nothing.
    private static readonly Dictionary<string, string> OnlyRead = new()
    {
        ["AccountErasure.PreviewAsync"] = "what belongs to somebody whose account may be deleted",
        ["CollectionsService.Details"] = "a collection that may be edited, with who has rights on it",
        ["CollectionsService.RequireReader"] = "who administers collections sees their names",
        ["CollectionsService.Roles"] = "the roles that can be given a right on a collection",
        ["DocumentBulk.Require"] = "asks for the parts of a command whose row was written when it started",
        ["FlagPreviews.FindPeopleAsync"] = "people whom a rule can name",
        ["FlagPreviews.ForAsync"] = "what a person would be given",
        ["FlagPreviews.ImpactAsync"] = "how many people a change would concern",
        ["ImpersonationService.NameAsync"] = "whom one is about to look at the portal as",
        ["JobEditing.FormAsync"] = "the arguments that may be edited",
        ["Notifications.AudienceRolesAsync"] = "the roles that a message can be sent to",
        ["RoleDashboards.ListAsync"] = "the dashboards that roles have",
        ["ScheduleCommands.PreviewBackfillAsync"] = "what a backfill would enqueue",
        ["SchedulesService.DraftAsync"] = "the rules of a schedule that may be edited",
        ["SettingsService.PlanAsync"] = "what a change of settings would do",
        ["SettingsService.PlanRollbackAsync"] = "what taking a change of settings back would do",
        ["UserImports.PreviewAsync"] = "what an import would do",
        ["ConverterService.Engines"] = "the tools of this node",
        ["ConverterService.Find"] = "the run of a file, whose start has its row",
        ["UploadFinisher.Choose"] = "hands over to the command that was chosen, which writes its row",
        ["UploadService.Drop"] = "a file that did not become a document",
        ["UploadService.Find"] = "how much of a file is there",
        ["UploadService.RequireUpload"] = "asks for the pieces of a file; the document that they become has its row",
        ["UploadService.Unfinished"] = "files that are not whole yet",
        ["WatchService.Files"] = "what became of the files of watched folders",
        ["WatchService.Folders"] = "the watched folders",
        ["SessionService.OfAsync"] = "the sessions that may be ended",
    };

    [Fact]
    public void Commands_ThatRequireAChangingPermission_WriteAnAuditRow()
    {
        var (silent, commands) = (new List<string>(), 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            if (file.Contains("/obj/", StringComparison.Ordinal) || file.Contains("/bin/", StringComparison.Ordinal) || !Demand().IsMatch(text)) continue;
            var (type, methods) = (Path.GetFileNameWithoutExtension(file).Split('.')[0], Methods(text));
            foreach (var (name, body) in methods.Where(m => Demand().IsMatch(m.Body)))
            {
                commands++;
                // A helper that asks for several commands: each of them writes its row.
                var callers = methods.Where(m => m.Name != name && Calls(m.Body, name)).ToList();
                var writes = Writes(body, methods, [name]) || (callers.Count > 0 && callers.TrueForAll(c => Writes(c.Body, methods, [c.Name])));
                if (!writes && !OnlyRead.ContainsKey($"{type}.{name}")) silent.Add($"{type}.{name}");
            }
        }

        commands.ShouldBeGreaterThan(20);
        silent.ShouldBeEmpty("these ask for a permission to change and write no audit row; if they change nothing, say so in the list");
    }

    /// <summary>Whether the method adds a row, or calls one of its class that does.</summary>
    private static bool Writes(string body, IReadOnlyList<(string Name, string Body)> methods, HashSet<string> seen) =>
        body.Contains(".Audit(", StringComparison.Ordinal)
        || methods.Any(m => !seen.Contains(m.Name) && Calls(body, m.Name) && Writes(m.Body, methods, [.. seen, m.Name]));

    private static bool Calls(string body, string name) => Regex.IsMatch(body, $@"(?<![.\w]){name}(<[^>]+>)?\(");

    private static List<(string Name, string Body)> Methods(string text)
    {
        var starts = Member().Matches(text);
        return [.. starts.Select((m, i) => (m.Groups[1].Value, text[m.Index..(i + 1 < starts.Count ? starts[i + 1].Index : text.Length)]))];
    }

    [GeneratedRegex(@"guard\.Require(?:Change)?\(\w+Permissions\.(?!\w*Read\b)\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Demand();

    [GeneratedRegex(@"^    (?:public|internal|private|protected)[^\n=;({]*?\b(\w+)(?:<[^>\n]+>)?\((?!\))?", RegexOptions.Multiline)]
    private static partial Regex Member();
}
