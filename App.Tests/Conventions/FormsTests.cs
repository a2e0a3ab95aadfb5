using System.Text.RegularExpressions;

namespace BlazorAdmin.Tests.Conventions;

/// <summary>What somebody types survives a lost circuit, a reload and a restart: every form keeps a draft, or stands in the list with the reason.</summary>
public sealed partial class FormsTests
{
    private const string List = "App.Tests/Conventions/forms-without-draft.txt";

    [Fact]
    public void Forms_EachKeepsADraftOrStandsInTheList()
    {
        var forms = Forms().ToList();
        var without = forms.Where(form => !form.IsKept).GroupBy(form => form.File).Select(group => $"{group.Key} | {group.Count()}").ToList();
        var listed = Lines().Select(line => $"{line.File} | {line.Count}").ToList();

        forms.Count(form => form.IsKept).ShouldBeGreaterThan(15);
        without.Except(listed).ShouldBeEmpty($"these forms lose what is typed with the page: put a KeepDraft inside (docs in App/Features/Drafts), or say in {List} how many of the file may, and why");
        listed.Except(without).ShouldBeEmpty($"these lines of {List} do not fit the forms any more");
    }

    [Fact]
    public void Lines_GiveAReason()
    {
        foreach (var line in Lines()) line.Reason.Length.ShouldBeGreaterThan(15, line.File);
    }

    [Fact]
    public void FieldsThatAreKept_NoneAsksForASecret()
    {
        var open = Forms().Where(form => form.IsKept)
            .SelectMany(form => Field().Matches(form.Text).Select(field => (form.File, field.Value)))
            .Where(field => Secret().IsMatch(field.Value) && !field.Value.Contains("type=\"password\"", StringComparison.Ordinal) && !field.Value.Contains("data-secret", StringComparison.Ordinal));

        open.ShouldBeEmpty("a field for a secret is of type password or carries data-secret");
    }

    [Fact]
    public void Dialogs_ThatKeepADraft_HaveAnOpenerOfThatName()
    {
        var openers = Sources().SelectMany(source => Opener().Matches(source.Text).Select(m => Fixed(m.Groups[1].Value))).ToHashSet();
        var names = Sources().SelectMany(source => Dialog().Matches(source.Text).Select(m => (source.File, Name: Fixed(m.Groups[1].Value)))).Where(one => one.Name.Length > 0).ToList();

        names.Count.ShouldBeGreaterThan(5);
        names.Where(one => !openers.Contains(one.Name)).ShouldBeEmpty("after a reload nothing can open these again: give the button that does the same name in data-draft-opener");
    }

    private static IEnumerable<(string File, string Text, bool IsKept)> Forms() =>
        from source in Sources()
        from match in Form().Matches(source.Text)
        select (source.File, match.Value, match.Value.Contains("<KeepDraft ", StringComparison.Ordinal) || KeptDialog().IsMatch(match.Value));

    private static IEnumerable<(string File, string Text)> Sources() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.razor", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select (Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllText(file));

    private static IEnumerable<(string File, string Count, string Reason)> Lines() =>
        File.ReadAllLines(Path.Combine(Repository.Root, List)).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(parts => (parts[0], parts[1], parts[2]));

    // What stands before the part that names the entity.
    private static string Fixed(string name) => name.TrimStart('@', '(', '$', '"').Split('@', '{', '"')[0];

    [GeneratedRegex(@"<(form|EditForm|FormDialog)\b.*?</\1>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"^<FormDialog\b[^\n]*?\sDraft=")]
    private static partial Regex KeptDialog();

    [GeneratedRegex("<(?:input|textarea|AccountField)\\b[^\n]*")]
    private static partial Regex Field();

    [GeneratedRegex("passwor[dt]|secret|passphrase|one-time-code", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex("data-draft-opener=\"([^@\"]+)")]
    private static partial Regex Opener();

    [GeneratedRegex(@"(?:<FormDialog\b[^\n]*?\sDraft|<dialog\b(?:(?!</dialog>).)*?<KeepDraft Name)=""(?:@\(\$""|)([^@""{]+)", RegexOptions.Singleline)]
    private static partial Regex Dialog();
}
