using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Tests.Conventions;

/// <summary>
/// The audit interceptor sees what SaveChanges saves. Whatever reaches the database another way stands in raw-sql.txt with
/// the reason why no audit row is missing.
/// </summary>
public sealed partial class RawSqlTests
{
    private const string List = "App.Tests/Conventions/raw-sql.txt";

    [Fact]
    public void Calls_EachStandsInTheListAndNoLineIsLeftOver()
    {
        var found = Calls().Select(c => $"{c.File} | {c.Name}").Distinct().ToList();
        var listed = Lines().Select(l => $"{l.File} | {l.Call}").ToList();

        found.Count.ShouldBeGreaterThan(20);
        found.Except(listed).ShouldBeEmpty($"these write or read beside SaveChanges: say in {List} why no audit row is missing");
        listed.Except(found).ShouldBeEmpty($"these lines of {List} name calls that are gone");
        listed.Count.ShouldBe(listed.Distinct().Count());
    }

    [Fact]
    public void Lines_HaveAKindAndAReasonThatHolds()
    {
        foreach (var line in Lines())
        {
            line.Kind.ShouldBeOneOf("read", "engine", "command");
            line.Reason.Length.ShouldBeGreaterThan(10, $"{line.File} | {line.Call}");
            var changes = line.Call.StartsWith("ExecuteUpdate", StringComparison.Ordinal) || line.Call.StartsWith("ExecuteDelete", StringComparison.Ordinal) || line.Call is "BeginBinaryImport" or "SqlBulkCopy";
            (changes && line.Kind == "read").ShouldBeFalse($"{line.File} | {line.Call} changes rows");
            if (line.Kind == "command") File.ReadAllText(Path.Combine(Repository.Root, line.File)).ShouldContain(".Audit(", Case.Sensitive, $"{line.File} is said to write the audit row itself");
        }
    }

    [Fact]
    public void AuditedEntities_ChangedBesideSaveChanges_AreNamedInTheReason()
    {
        var audited = typeof(AppDbContext).Assembly.GetTypes().Where(t => typeof(IAudited).IsAssignableFrom(t) && t.IsClass).Select(t => t.Name).ToHashSet();
        audited.ShouldContain("User");
        var reasons = Lines().ToDictionary(l => (l.File, l.Call), l => l.Reason);
        var touched = 0;
        foreach (var call in Calls().Where(c => c.Entity is not null && audited.Contains(c.Entity)))
        {
            touched++;
            reasons.GetValueOrDefault((call.File, call.Name), "").ShouldContain(call.Entity!, Case.Sensitive, $"{call.File} | {call.Name} changes {call.Entity}, for which somebody answers");
        }

        touched.ShouldBeGreaterThan(0);
    }

    private static IEnumerable<(string File, string Name, string? Entity)> Calls() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.*", SearchOption.AllDirectories)
        where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        let text = File.ReadAllText(file)
        from Match match in Call().Matches(text)
        select (Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), Suffix().Replace(match.Groups[1].Value, "") is var name && name == "ExecuteSql" && match.Groups[1].Value.Contains("Raw", StringComparison.Ordinal) ? "ExecuteSqlRaw" : name, EntityOf(text, match.Index));

    /// <summary>The set that the statement before the call begins with, if it can be seen there.</summary>
    private static string? EntityOf(string text, int call)
    {
        var start = Math.Max(text.LastIndexOf(';', call), text.LastIndexOf('{', call));
        var sets = Set().Matches(text[(start + 1)..call]);
        if (sets.Count == 0) return null;
        return sets[0].Groups[1].Success ? sets[0].Groups[1].Value : sets[0].Groups[2].Value == "Users" ? "User" : "Role";
    }

    private static List<(string File, string Call, string Kind, string Reason)> Lines() =>
    [
        .. from line in File.ReadLines(Path.Combine(Repository.Root, List))
           where line.Length > 0 && line[0] != '#'
           let parts = line.Split(" | ")
           select parts.Length == 4 ? (parts[0], parts[1], parts[2], parts[3]) : throw new InvalidDataException($"{List}: '{line}' is not file | call | kind | reason"),
    ];

    [GeneratedRegex(@"\b(ExecuteUpdate(?:Async)?|ExecuteDelete(?:Async)?|ExecuteSql\w*|SqlQuery(?:Raw)?|FromSql\w*|Begin(?:BinaryImport|TextImport|RawBinaryCopy)\w*|SqlBulkCopy|CreateCommand|CreateBatch|NpgsqlCommand|SqlCommand|NpgsqlBatch)\b\s*[<(]")]
    private static partial Regex Call();

    [GeneratedRegex(@"(Raw)?(Async)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\.Set<(\w+)>\(\)|\bdb\.(Users|Roles)\b")]
    private static partial Regex Set();
}
