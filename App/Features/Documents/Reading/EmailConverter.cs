using System.Text;
using BlazorAdmin.Features.Documents.Formats;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A mail message: sender, receivers, date and subject, the text of the body, the names of what is attached. However large the attachments are: only the text is held.</summary>
internal static class EmailConverter
{
    private static readonly string[] Shown = ["From", "To", "Cc", "Date", "Subject"];

    public static async Task<StepResult<Conversion>> Convert(string path, StepContext context, CancellationToken cancel)
    {
        var (message, leaves) = await Task.Run(() => EmailScan.Read(path), cancel);
        var texts = leaves.Where(leaf => leaf is { MediaType: "text/plain" or "text/html", IsAttachment: false }).ToList();
        if (texts.Sum(leaf => leaf.Length) > context.Options.MaxTextBytes) return TextConverter.TooLarge(context.Options);
        var text = new StringBuilder();
        foreach (var name in Shown)
        {
            // Headers outside the standard hold raw UTF-8 or Latin-1.
            var value = message.Header(name);
            Head(text, name, EmailCoding.Words(TextDecoding.Decode(Encoding.Latin1.GetBytes(value)) ?? value));
        }
        var plain = texts.Where(leaf => leaf.MediaType == "text/plain").Select(leaf => leaf.Text().ReplaceLineEndings("\n").Trim()).Where(part => part.Length > 0).ToList();
        var html = plain.Count > 0 ? null : texts.FirstOrDefault(leaf => leaf.MediaType == "text/html")?.Text();
        text.Append('\n').Append(html is null ? string.Join("\n\n", plain) : await Plain(html, context, cancel)).Append('\n');
        foreach (var attachment in leaves.Where(leaf => leaf.IsAttachment && leaf.FileName is not null)) text.Append("\n[").Append(attachment.FileName).Append(']');
        return TextConverter.Of(text.ToString(), null, "mail");
    }

    /// <summary>The same of a mail that Outlook saved (.msg).</summary>
    public static async Task<StepResult<Conversion>> ConvertOutlook(string path, StepContext context, CancellationToken cancel)
    {
        try
        {
            var mail = await Task.Run(() => OutlookMail.Read(path), cancel);
            if ((mail.Plain?.Length ?? 0) > context.Options.MaxTextBytes || (mail.HtmlBody?.Length ?? 0) > context.Options.MaxTextBytes) return TextConverter.TooLarge(context.Options);
            var text = new StringBuilder();
            foreach (var name in Shown) Head(text, name, mail.Headers.GetValueOrDefault(name, ""));
            if (mail is { Plain: null, HtmlBody: null, HasRichText: true }) context.Log("The body of the mail is Outlook's own rich text alone, which is not read.");
            text.Append('\n').Append(mail.Plain?.ReplaceLineEndings("\n").Trim() ?? (mail.HtmlBody is { } html ? await Plain(html, context, cancel) : "")).Append('\n');
            foreach (var attachment in mail.Attachments) text.Append("\n[").Append(attachment.Name).Append(']');
            return TextConverter.Of(text.ToString(), null, "mail");
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException)
        {
            // Whatever a file from outside holds, it is the file that is broken.
            context.Log($"outlook: {fault.GetType().Name}: {fault.Message}");
            return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "DocumentDamaged");
        }
    }

    private static void Head(StringBuilder text, string name, string value)
    {
        if (value.Length > 0) text.Append(name).Append(": ").Append(value).Append('\n');
    }

    private static async Task<string> Plain(string html, StepContext context, CancellationToken cancel)
    {
        try
        {
            return string.Join("\n\n", (await Task.Run(() => HtmlReader.Flow(html, context.Options.MaxTextBytes, cancel), cancel)).Pages().Select(page => page.Text));
        }
        catch (ReadStoppedException stopped)
        {
            context.Log($"The body of the mail was left out: {stopped.Reason}");
            return "";
        }
    }
}
