using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Takes the attachments out of a mail, decoded for transport, in their order.</summary>
internal static class MailAttachments
{
    private const string Message = "message/rfc822";

    /// <param name="type">Of a mail that was read.</param>
    public static IEnumerable<MailAttachment> Read(string path, ContentType type) => type == ContentType.OutlookMessage ? OutlookMail.Read(path).Attachments : Read(path);

    private static IEnumerable<MailAttachment> Read(string path)
    {
        var part = 0;
        foreach (var leaf in EmailScan.Read(path).Leaves.Where(leaf => leaf.IsAttachment))
        {
            part++;
            if (!IsEmpty(leaf)) yield return new MailAttachment(part, leaf.FileName ?? NameOf(leaf, part), leaf.Open);
        }
    }

    private static bool IsEmpty(EmailPart leaf)
    {
        using var content = leaf.Open();
        return content.ReadByte() < 0;
    }

    private static string NameOf(EmailPart leaf, int part)
    {
        var subject = leaf.MediaType == Message ? Subject(leaf) : "";
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

    private static string Subject(EmailPart leaf)
    {
        using var lines = new StreamReader(leaf.Open(), System.Text.Encoding.Latin1);
        var beginning = new char[16 << 10];
        var head = new string(beginning, 0, lines.ReadBlock(beginning));
        var end = head.StartsWith('\n') ? 0 : head.IndexOf("\n\n", StringComparison.Ordinal);
        var unfolded = (end < 0 ? head : head[..end]).Replace("\n ", " ").Replace("\n\t", " ");
        var line = unfolded.Split('\n').FirstOrDefault(one => one.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase));
        return line is null ? "" : EmailCoding.Words(line["Subject:".Length..].Trim()).Replace('/', '-').Trim();
    }
}
