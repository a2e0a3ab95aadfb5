using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Mail;

/// <summary>Writes a mail as it crosses the wire: multipart/alternative (RFC 2046) with plain text first, headers encoded after RFC 2047.</summary>
public static class MimeMail
{
    private const int LongestWord = 75;

    /// <param name="id">The same for every attempt, so that a mailbox can tell a mail that came twice.</param>
    /// <exception cref="ArgumentException">An address cannot be used.</exception>
    public static byte[] Write(Guid id, string from, string fromName, string to, string toName, MailParts parts, DateTimeOffset at)
    {
        var boundary = $"part-{id:N}";
        var mail = new StringBuilder();
        Header(mail, "Date", at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "From", Person(fromName, from));
        Header(mail, "To", Person(toName, to));
        Header(mail, "Subject", Words(MailRenderer.OneLine(parts.Subject, MailParts.SubjectLength), "Subject: ".Length));
        Header(mail, "Message-ID", $"<{id:N}@{MailAddresses.DomainOf(from)}>");
        // Nobody's absence note answers it (RFC 3834).
        Header(mail, "Auto-Submitted", "auto-generated");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        mail.Append("\r\n");
        Part(mail, boundary, "text/plain", parts.Text);
        Part(mail, boundary, "text/html", parts.Html);
        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return Encoding.UTF8.GetBytes(mail.ToString());
    }

    /// <summary>A text of a header: as it is if it is short plain ASCII, else in encoded words.</summary>
    /// <param name="used">Characters that stand before it on the line.</param>
    internal static string Words(string text, int used)
    {
        var isPlain = !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains("=?", StringComparison.Ordinal);
        return isPlain && text.Length + used <= LongestWord ? text : EncodedWords(text, used);
    }

    // Each word holds whole characters, and what is inside no character can leave.
    private static string EncodedWords(string text, int used)
    {
        var words = new StringBuilder();
        var bytes = new List<byte>();
        var left = LongestWord - used;
        Span<byte> buffer = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(buffer);
            if (Encoded(bytes.Count + length) > left)
            {
                Flush("\r\n ");
                left = LongestWord - 1;
            }

            bytes.AddRange(buffer[..length]);
        }

        Flush("");
        return words.ToString();

        void Flush(string end)
        {
            words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. bytes])).Append("?=").Append(end);
            bytes.Clear();
        }
    }

    private static int Encoded(int bytes) => "=?utf-8?B??=".Length + (bytes + 2) / 3 * 4;

    private static string Person(string name, string address)
    {
        var plain = MailAddresses.OnEnvelope(address);
        var line = MailRenderer.OneLine(name, 200);
        if (line.Length == 0) return plain;
        var isAtoms = line.Length <= 60 && line.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_');
        return isAtoms ? $"{line} <{plain}>" : $"{EncodedWords(line, "From: ".Length)}\r\n <{plain}>";
    }

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder mail, string boundary, string type, string content) => mail
        .Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
        .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks))
        .Append("\r\n");
}
