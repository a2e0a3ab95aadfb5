using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Mail;

/// <summary>
/// What a template may say: declared variables, <c>if</c>, <c>unless</c>, <c>each</c>, <c>else</c>. The check reads every pair of braces
/// itself and lets nothing through that it does not know, so no helper, partial, path or unescaped value of Handlebars is in reach.
/// </summary>
public static partial class MailTemplateRules
{
    private const int LongestName = 60;

    public static IReadOnlyList<MailTemplateProblem> Check(MailTemplate template, MailParts parts) =>
        [.. Enum.GetValues<MailPart>().SelectMany(part => Check(template, part, parts[part]))];

    public static IReadOnlyList<MailTemplateProblem> Check(MailTemplate template, MailPart part, string source)
    {
        if (string.IsNullOrWhiteSpace(source)) return [new(part, 1, MailTemplateFault.Empty)];
        if (source.Length > (part == MailPart.Subject ? MailParts.SubjectLength : MailParts.BodyLength)) return [new(part, 1, MailTemplateFault.TooLong)];
        if (part == MailPart.Subject && source.AsSpan().IndexOfAny('\r', '\n') >= 0) return [new(part, 1, MailTemplateFault.LineBreak)];
        return new Reading(template, part, source).Run();
    }

    [GeneratedRegex(@"^(?:(?<else>else)|(?<open>#(?<block>if|unless|each)\s+)?(?<name>@(?:index|first|last)|(?:this\.)?[A-Za-z][A-Za-z0-9_]*)|/(?<end>if|unless|each))$", RegexOptions.CultureInvariant)]
    private static partial Regex Expression();

    private sealed class Reading(MailTemplate template, MailPart part, string source)
    {
        private readonly List<MailTemplateProblem> _problems = [];
        private readonly Stack<(string Block, MailVariable? List, int Line)> _open = new();

        public IReadOnlyList<MailTemplateProblem> Run()
        {
            var at = 0;
            while ((at = source.IndexOf("{{", at, StringComparison.Ordinal)) >= 0)
            {
                var line = 1 + source.AsSpan(0, at).Count('\n');
                // A third brace is the value as it is, a fourth a raw block: both lead around the escaping.
                var end = source.IndexOf("}}", at, StringComparison.Ordinal);
                if (end < 0)
                {
                    Report(line, MailTemplateFault.Unfinished, source[at..]);
                    break;
                }

                Read(at, end, line);
                at = end + 2;
            }

            foreach (var (block, _, line) in _open) Report(line, MailTemplateFault.NotClosed, "#" + block);
            return _problems;
        }

        private void Read(int at, int end, int line)
        {
            var inside = source[(at + 2)..end].Trim();
            var match = Expression().Match(inside);
            // A brace too many at the end does not compile; a backslash before it makes text of an expression and leaves its end alone.
            if (end + 2 < source.Length && source[end + 2] == '}') Report(line, MailTemplateFault.NotAllowed, inside + "}");
            else if (at > 0 && source[at - 1] == '\\') Report(line, MailTemplateFault.NotAllowed, $"\\{{{{{inside}}}}}");
            else if (!match.Success) Report(line, MailTemplateFault.NotAllowed, inside);
            else if (match.Groups["else"].Success) Else(line);
            else if (match.Groups["end"].Success) Close(match.Groups["end"].Value, line);
            else Name(match.Groups["open"].Success ? match.Groups["block"].Value : null, match.Groups["name"].Value, line);
        }

        private void Else(int line)
        {
            if (_open.Count == 0) Report(line, MailTemplateFault.WrongEnd, "else");
        }

        private void Close(string block, int line)
        {
            if (_open.Count == 0 || _open.Peek().Block != block) Report(line, MailTemplateFault.WrongEnd, "/" + block);
            else _open.Pop();
        }

        private void Name(string? block, string name, int line)
        {
            var list = _open.Select(o => o.List).FirstOrDefault(l => l is not null);
            var variable = template.Find(name);
            if (list is not null ? !IsOfRow(list, name) : variable is null) Report(line, MailTemplateFault.Unknown, name);
            else if (block == "each" && variable?.Kind != MailVariableKind.List) Report(line, MailTemplateFault.NotAList, name);
            else if (block is null && variable?.Kind == MailVariableKind.List) Report(line, MailTemplateFault.ListAsText, name);
            else if (part == MailPart.Subject && block is null && variable is { IsSecret: true }) Report(line, MailTemplateFault.SecretInSubject, name);
            if (block is not null) _open.Push((block, block == "each" ? variable : null, line));
        }

        // Within the rows of a list only the row is in view; Handlebars would find nothing else there.
        private static bool IsOfRow(MailVariable list, string name) =>
            name[0] == '@' || (name.StartsWith("this.", StringComparison.Ordinal) && list.Fields.Contains(name["this.".Length..]));

        private void Report(int line, MailTemplateFault fault, string name) =>
            _problems.Add(new MailTemplateProblem(part, line, fault, name.Length > LongestName ? name[..LongestName] + "…" : name));
    }
}
