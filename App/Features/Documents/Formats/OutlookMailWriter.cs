using System.Text;
using BlazorAdmin.Features.Documents.Storage;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Writes a mail that was inside an Outlook mail as an ordinary one (RFC 5322). The same mail gives the same bytes: by them an attachment is known again.</summary>
internal static class OutlookMailWriter
{
    // Everything inside is base64, in which this cannot stand.
    private const string Boundary = "=_part";
    private const long Most = 128L << 20;
    private const int LineBytes = 57;

    /// <exception cref="ContentTooLargeException">What is attached to it is too much to be put together.</exception>
    public static Stream Write(OutlookMail mail)
    {
        var file = new MemoryStream();
        foreach (var (name, value) in mail.Headers.Where(header => header.Value.Length > 0).OrderBy(header => header.Key, StringComparer.Ordinal)) Line(file, $"{name}: {value}");
        Line(file, "MIME-Version: 1.0");
        Line(file, $"Content-Type: multipart/mixed; boundary=\"{Boundary}\"");
        Line(file, "");
        var (type, text) = mail.Plain is null && mail.HtmlBody is { } html ? ("text/html", html) : ("text/plain", mail.Plain ?? "");
        Part(file, $"Content-Type: {type}; charset=utf-8", new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false));
        foreach (var attachment in mail.Attachments)
        {
            using var content = attachment.Open();
            var message = attachment.Name.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) ? "message/rfc822" : "application/octet-stream";
            Part(file, $"Content-Type: {message}\nContent-Disposition: attachment; filename*=UTF-8''{Uri.EscapeDataString(attachment.Name)}", content);
        }
        Line(file, $"--{Boundary}--");
        file.Position = 0;
        return file;
    }

    private static void Part(MemoryStream file, string head, Stream content)
    {
        Line(file, $"--{Boundary}");
        Line(file, head);
        Line(file, "Content-Transfer-Encoding: base64");
        Line(file, "");
        var bytes = new byte[LineBytes];
        int read;
        while ((read = content.ReadAtLeast(bytes, LineBytes, throwOnEndOfStream: false)) > 0)
        {
            if (file.Length > Most) throw new ContentTooLargeException(Most);
            Line(file, Convert.ToBase64String(bytes, 0, read));
        }
    }

    private static void Line(MemoryStream file, string line)
    {
        file.Write(Encoding.UTF8.GetBytes(line));
        file.WriteByte((byte)'\n');
    }
}
