using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>One part of a mail message: its headers, and where its body stands in the file, still encoded for transport. The body is read when it is asked for, so that the size of a mail costs no memory.</summary>
/// <param name="start">Of the body, in bytes of the file.</param>
/// <param name="end">Behind the body.</param>
internal sealed class EmailPart(IReadOnlyDictionary<string, string> headers, string path, long start, long end)
{
    /// <summary>Bytes of the body, encoded for transport.</summary>
    public long Length => Math.Max(0, end - start);

    public string MediaType => Header("Content-Type").Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : "text/plain";

    public string? FileName => Parameter("Content-Disposition", "filename") ?? Parameter("Content-Type", "name");

    public string? Boundary => MediaType.StartsWith("multipart/", StringComparison.Ordinal) && Parameter("Content-Type", "boundary") is { Length: > 0 } boundary ? boundary : null;

    /// <summary>A message inside this one counts; a picture that the text itself shows does not.</summary>
    public bool IsAttachment => Header("Content-Disposition").TrimStart().StartsWith("attachment", StringComparison.OrdinalIgnoreCase) || MediaType == "message/rfc822"
        || (FileName is not null && !MediaType.StartsWith("text/", StringComparison.Ordinal) && !(MediaType.StartsWith("image/", StringComparison.Ordinal) && Header("Content-ID").Length > 0));

    public string Header(string name) => headers.GetValueOrDefault(name, "");

    /// <summary>The body, decoded; line ends of what is not encoded are single.</summary>
    public Stream Open()
    {
        var body = new FileRange(File.OpenRead(path), start, Length);
        switch (Header("Content-Transfer-Encoding").Trim().ToLowerInvariant())
        {
            case "base64":
                return new TransferStream(body, isBase64: true);
            case "quoted-printable":
                using (var lines = new StreamReader(new TransferStream(body, isBase64: false), Encoding.Latin1))
                    return new MemoryStream(EmailCoding.QuotedPrintable(lines.ReadToEnd(), underscoreIsSpace: false), writable: false);
            default:
                return new TransferStream(body, isBase64: false);
        }
    }

    public string Text()
    {
        using var bytes = new MemoryStream();
        using (var body = Open()) body.CopyTo(bytes);
        return EmailCoding.CharacterSet(Parameter("Content-Type", "charset"), bytes.ToArray());
    }

    private string? Parameter(string header, string name) => EmailParameter.Find(Header(header), name);
}
