using System.Collections.Concurrent;
using System.Net;
using System.Text;
using HandlebarsDotNet;

namespace BlazorAdmin.Features.Mail;

/// <summary>Fills templates in: values are escaped in HTML and stand as they are in plain text; a subject is one line whatever a value holds.</summary>
public sealed class MailRenderer
{
    private const int MostKept = 200;

    private readonly IHandlebars _html = Make(new HtmlValues());
    private readonly IHandlebars _text = Make(new PlainValues());
    private readonly ConcurrentDictionary<(bool IsHtml, string Source), HandlebarsTemplate<object, object>> _kept = new();

    /// <summary>What is wrong with <paramref name="parts"/>: by the rules, or when they are filled in with the sample values.</summary>
    public IReadOnlyList<MailTemplateProblem> Check(MailTemplate template, MailParts parts)
    {
        var problems = MailTemplateRules.Check(template, parts);
        if (problems.Count > 0) return problems;
        var sample = template.SampleModel();
        return [.. Enum.GetValues<MailPart>().Where(part => !CanFill(part, parts[part], sample)).Select(part => new MailTemplateProblem(part, 1, MailTemplateFault.Broken))];
    }

    /// <param name="parts">Have passed <see cref="MailTemplateRules"/>.</param>
    /// <param name="language">Of the HTML document.</param>
    /// <exception cref="ArgumentException">The model lacks a variable or has one that the template does not declare.</exception>
    /// <exception cref="HandlebarsException">A part cannot be filled in; <see cref="Check"/> had found it.</exception>
    public MailParts Render(MailTemplate template, MailParts parts, MailModel model, string language)
    {
        foreach (var name in model.Values.Keys.Where(n => template.Find(n) is null)) throw new ArgumentException($"The template {template.Key} declares no variable {name}.", nameof(model));
        foreach (var variable in template.All.Where(v => !model.Values.ContainsKey(v.Name))) throw new ArgumentException($"The mail {template.Key} lacks the value of {variable.Name}.", nameof(model));
        var subject = OneLine(Fill(isHtml: false, parts.Subject, model), MailParts.SubjectLength);
        var body = Fill(isHtml: true, parts.Html, model);
        return new MailParts(subject, Fill(isHtml: false, parts.Text, model), Document(subject, body, language));
    }

    /// <summary>The text without line breaks and other control characters, at most <paramref name="length"/> long.</summary>
    public static string OneLine(string text, int length)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var blank = Rune.IsControl(rune) || Rune.IsWhiteSpace(rune);
            if (blank && (line.Length == 0 || line[^1] == ' ')) continue;
            if (line.Length + rune.Utf16SequenceLength > length) break;
            line.Append(blank ? " " : rune.ToString());
        }

        return line.ToString().TrimEnd();
    }

    private bool CanFill(MailPart part, string source, MailModel model)
    {
        try
        {
            Fill(part == MailPart.Html, source, model);
            return true;
        }
        catch (HandlebarsException)
        {
            return false;
        }
    }

    private string Fill(bool isHtml, string source, MailModel model)
    {
        if (_kept.Count > MostKept) _kept.Clear();
        try
        {
            var compiled = _kept.GetOrAdd((isHtml, source), key => (key.IsHtml ? _html : _text).Compile(key.Source));
            return compiled(model.Values);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or NullReferenceException or InvalidCastException or IndexOutOfRangeException)
        {
            // The compiler stumbles over some sources instead of refusing them.
            throw new HandlebarsException(exception.Message, exception);
        }
    }

    private static string Document(string subject, string body, string language) =>
        $"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{WebUtility.HtmlEncode(subject)}</title></head>
        <body style="margin:0;padding:24px;background:#ffffff;color:#171c26;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
        <div style="max-width:600px">
        {body}</div>
        </body>
        </html>

        """;

    private static IHandlebars Make(ITextEncoder values) => Handlebars.Create(new HandlebarsConfiguration { TextEncoder = values, ThrowOnUnresolvedBindingExpression = true });

    private sealed class HtmlValues : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => target.Write(WebUtility.HtmlEncode(text?.ToString()));

        public void Encode(string? text, TextWriter target) => target.Write(WebUtility.HtmlEncode(text));

        public void Encode<T>(T? text, TextWriter target) where T : IEnumerator<char>
        {
            var value = new StringBuilder();
            while (text?.MoveNext() == true) value.Append(text.Current);
            Encode(value, target);
        }
    }

    private sealed class PlainValues : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => target.Write(text);

        public void Encode(string? text, TextWriter target) => target.Write(text);

        public void Encode<T>(T? text, TextWriter target) where T : IEnumerator<char>
        {
            while (text?.MoveNext() == true) target.Write(text.Current);
        }
    }
}
