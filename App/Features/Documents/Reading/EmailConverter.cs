using System.Text;
using BlazorAdmin.Features.Documents.Formats;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A mail message: sender, receivers, date and subject, the text of the body, the names of what is attached.</summary>
internal static class EmailConverter
{
    private static readonly string[] Shown = ["From", "To", "Cc", "Date", "Subject"];

    public static async Task<StepResult<Conversion>> Convert(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) return TextConverter.TooLarge(context.Options);
        var message = EmailPart.Parse(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, cancel)));
        var text = new StringBuilder();
        foreach (var name in Shown)
        {
            // Headers outside the standard hold raw UTF-8 or Latin-1.
            var value = message.Header(name);
            var readable = EmailCoding.Words(TextDecoding.Decode(Encoding.Latin1.GetBytes(value)) ?? value);
            if (readable.Length > 0) text.Append(name).Append(": ").Append(readable).Append('\n');
        }
        var leaves = message.Leaves();
        text.Append('\n').Append(await Body(leaves, context, cancel)).Append('\n');
        foreach (var attachment in leaves.Where(leaf => leaf.IsAttachment && leaf.FileName is not null)) text.Append("\n[").Append(attachment.FileName).Append(']');
        return TextConverter.Of(text.ToString(), null, "mail");
    }

    private static async Task<string> Body(IReadOnlyList<EmailPart> leaves, StepContext context, CancellationToken cancel)
    {
        var plain = leaves.Where(leaf => leaf is { MediaType: "text/plain", IsAttachment: false }).Select(leaf => leaf.Text().ReplaceLineEndings("\n").Trim()).Where(part => part.Length > 0).ToList();
        if (plain.Count > 0) return string.Join("\n\n", plain);
        if (leaves.FirstOrDefault(leaf => leaf is { MediaType: "text/html", IsAttachment: false }) is not { } html) return "";
        try
        {
            return string.Join("\n\n", (await Task.Run(() => HtmlReader.Flow(html.Text(), context.Options.MaxTextBytes, cancel), cancel)).Pages().Select(page => page.Text));
        }
        catch (ReadStoppedException stopped)
        {
            context.Log($"The body of the mail was left out: {stopped.Reason}");
            return "";
        }
    }
}
