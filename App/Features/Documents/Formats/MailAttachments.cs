using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Takes the attachments out of a mail, decoded for transport, in their order.</summary>
internal static class MailAttachments
{
    private const string Message = "message/rfc822";

    /// <summary>The mail has been read before, so it is within the limit for text.</summary>
    public static IEnumerable<MailAttachment> Read(string path)
    {
        var message = EmailPart.Parse(Encoding.Latin1.GetString(File.ReadAllBytes(path)));
        var part = 0;
        foreach (var leaf in message.Leaves().Where(leaf => leaf.IsAttachment))
        {
            part++;
            var content = leaf.Content();
            if (content.Length > 0) yield return new MailAttachment(part, leaf.FileName ?? NameOf(leaf, part), content);
        }
    }

    private static string NameOf(EmailPart leaf, int part)
    {
        var subject = leaf.MediaType == Message ? EmailCoding.Words(EmailPart.Parse(leaf.Body).Header("Subject")).Replace('/', '-').Trim() : "";
        var ending = leaf.MediaType switch
        {
            Message => ".eml",
            "text/plain" => ".txt",
            "text/html" => ".html",
            "application/pdf" => ".pdf",
            _ => "",
        };
        return (subject.Length > 0 ? subject : $"attachment-{part}") + ending;
    }
}
