using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>One part of a mail message: its headers and its body still encoded for transport.</summary>
internal sealed class EmailPart
{
    private const int MaxDepth = 10;
    private const int MaxParts = 500;
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private EmailPart(string body) => Body = body;

    public string Body { get; private set; }

    public string MediaType => Header("Content-Type").Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : "text/plain";

    public string? FileName => Parameter("Content-Disposition", "filename") ?? Parameter("Content-Type", "name");

    /// <summary>A message inside this one counts; a picture that the text itself shows does not.</summary>
    public bool IsAttachment => Header("Content-Disposition").TrimStart().StartsWith("attachment", StringComparison.OrdinalIgnoreCase) || MediaType == "message/rfc822"
        || (FileName is not null && !MediaType.StartsWith("text/", StringComparison.Ordinal) && !(MediaType.StartsWith("image/", StringComparison.Ordinal) && Header("Content-ID").Length > 0));

    public string Header(string name) => _headers.GetValueOrDefault(name, "");

    /// <param name="message">The message with one character a byte (Latin-1), so that every part can be decoded in its own character set.</param>
    public static EmailPart Parse(string message)
    {
        var part = new EmailPart("");
        var lines = message.Replace("\r\n", "\n");
        var end = lines.StartsWith('\n') ? 0 : lines.IndexOf("\n\n", StringComparison.Ordinal);
        var head = end < 0 ? lines : lines[..end];
        part.Body = end < 0 ? "" : lines[(end + (end == 0 ? 1 : 2))..];
        string? name = null;
        foreach (var line in head.Split('\n'))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t' && name is not null)
            {
                part._headers[name] += " " + line.Trim();
                continue;
            }
            var colon = line.IndexOf(':');
            name = colon > 0 ? line[..colon].Trim() : null;
            if (name is not null && !part._headers.TryAdd(name, line[(colon + 1)..].Trim())) name = null;
        }
        return part;
    }

    /// <summary>The leaves of the message in order, containers opened.</summary>
    public IReadOnlyList<EmailPart> Leaves()
    {
        var leaves = new List<EmailPart>();
        Collect(this, 0, leaves);
        return leaves;
    }

    public byte[] Content() => Header("Content-Transfer-Encoding").Trim().ToLowerInvariant() switch
    {
        "base64" => EmailCoding.Base64(Body),
        "quoted-printable" => EmailCoding.QuotedPrintable(Body, underscoreIsSpace: false),
        _ => Encoding.Latin1.GetBytes(Body),
    };

    public string Text() => EmailCoding.CharacterSet(Parameter("Content-Type", "charset"), Content());

    private static void Collect(EmailPart part, int depth, List<EmailPart> leaves)
    {
        if (leaves.Count >= MaxParts || depth > MaxDepth) return;
        if (!part.MediaType.StartsWith("multipart/", StringComparison.Ordinal) || part.Parameter("Content-Type", "boundary") is not { Length: > 0 } boundary)
        {
            leaves.Add(part);
            return;
        }
        var pieces = ("\n" + part.Body).Split("\n--" + boundary);
        foreach (var piece in pieces.Skip(1).TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal)))
            Collect(Parse(piece.StartsWith('\n') ? piece[1..] : piece), depth + 1, leaves);
    }

    private string? Parameter(string header, string name) => EmailParameter.Find(Header(header), name);
}
