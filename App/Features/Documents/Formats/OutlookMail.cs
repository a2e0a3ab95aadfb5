using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>
/// A mail that Outlook saved ([MS-OXMSG]): headers, text, attachments. A mail inside it becomes an ordinary one (.eml), which stands for itself.
/// </summary>
internal sealed class OutlookMail
{
    private const int MaxDepth = 10, MaxAttachments = 1_000, LongestName = 64 << 10, LongestText = 128 << 20, LongestId = 1_000;
    private const string Reference = "cid:";
    private const int Subject = 0x0037, SubmittedAt = 0x0039, From = 0x0042, FromAddress = 0x5D02, FromOther = 0x0065, Sender = 0x0C1A, SenderAddress = 0x5D01, SenderOther = 0x0C1F,
        To = 0x0E04, Cc = 0x0E03, DeliveredAt = 0x0E06, Body = 0x1000, RichText = 0x1009, Html = 0x1013, LongName = 0x3707, ShortName = 0x3704, DisplayName = 0x3001, Data = 0x3701, ContentId = 0x3712,
        Hidden = 0x7FFE, MailCodePage = 0x3FFD, HtmlCodePage = 0x3FDE;

    private readonly CompoundStorage _file;
    private readonly Dictionary<string, CompoundEntry> _entries;
    private readonly byte[] _fixed;
    private readonly int _fixedFrom;

    private OutlookMail(CompoundStorage file, CompoundEntry storage, int fixedFrom, int depth)
    {
        (_file, _fixedFrom) = (file, fixedFrom);
        _entries = file.Children(storage).GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        _fixed = _entries.TryGetValue("__properties_version1.0", out var properties) ? file.Bytes(properties, 1 << 20) : [];
        Plain = Text(Body, LongestText) is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : null;
        HtmlBody = HtmlText();
        HasRichText = _entries.ContainsKey(Name(RichText, 0x0102));
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["From"] = Address(Text(Sender) ?? Text(From), Text(SenderAddress) ?? Text(FromAddress) ?? Text(SenderOther) ?? Text(FromOther)),
            ["To"] = Line(Text(To)),
            ["Cc"] = Line(Text(Cc)),
            ["Date"] = (Time(SubmittedAt) ?? Time(DeliveredAt))?.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture) ?? "",
            ["Subject"] = Line(Text(Subject)),
        };
        Attachments = depth >= MaxDepth ? [] : [.. Files(depth)];
    }

    /// <summary>From, To, Cc, Date and Subject; empty where the mail has none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public string? Plain { get; }

    /// <summary>The HTML of the body; null where there is none.</summary>
    public string? HtmlBody { get; }

    /// <summary>Outlook's own packed form of the text is there.</summary>
    public bool HasRichText { get; }

    public IReadOnlyList<MailAttachment> Attachments { get; }

    /// <exception cref="InvalidDataException">It is broken.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static OutlookMail Read(string path)
    {
        var file = CompoundStorage.Read(path);
        return new OutlookMail(file, file.Root, fixedFrom: 32, depth: 0);
    }

    private IEnumerable<MailAttachment> Files(int depth)
    {
        var (part, shown) = (0, Shown(HtmlBody));
        foreach (var storage in _entries.Values.Where(entry => entry.IsStorage && entry.Name.StartsWith("__attach_version1.0_#", StringComparison.OrdinalIgnoreCase)).OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Take(MaxAttachments))
        {
            part++;
            var file = new OutlookMail(_file, storage, fixedFrom: 8, MaxDepth);
            if (file.Flag(Hidden) || (file.Text(ContentId) is { Length: > 0 } id && shown.Contains(id))) continue;
            var name = file.Text(LongName) ?? file.Text(ShortName) ?? file.Text(DisplayName) ?? "";
            if (file._entries.TryGetValue(Name(Data, 0x0102), out var data) && data.Size > 0)
            {
                _file.Claim(data);
                yield return new MailAttachment(part, name.Length > 0 ? name : $"attachment-{part}", () => _file.Open(data));
            }
            else if (file._entries.TryGetValue(Name(Data, 0x000D), out var inner) && inner.IsStorage)
            {
                var mail = new OutlookMail(_file, inner, fixedFrom: 24, depth + 1);
                var subject = mail.Headers["Subject"].Replace('/', '-').Trim();
                yield return new MailAttachment(part, (subject.Length > 0 ? subject : name.Length > 0 ? name : $"attachment-{part}") + ".eml", () => OutlookMailWriter.Write(mail));
            }
        }
    }

    /// <summary>Ids of the pictures that the text itself shows, found in one pass: the text may be long, and attachments many.</summary>
    private static HashSet<string> Shown(string? html)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rest = html.AsSpan();
        while (ids.Count < MaxAttachments && rest.IndexOf(Reference, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            rest = rest[(at + Reference.Length)..];
            var end = rest.IndexOfAny("\"'<>)\\ \r\n\t");
            var id = end < 0 ? rest : rest[..end];
            if (id.Length <= LongestId) ids.Add(Uri.UnescapeDataString(id));
            rest = rest[id.Length..];
        }
        return ids;
    }

    private string? HtmlText()
    {
        var html = _entries.TryGetValue(Name(Html, 0x0102), out var bytes) ? Decoded(_file.Bytes(bytes, LongestText), Number(HtmlCodePage) ?? Number(MailCodePage)) : Text(Html, LongestText);
        return string.IsNullOrWhiteSpace(html) ? null : html;
    }

    /// <returns>Null where the mail has none.</returns>
    private string? Text(int property, int most = LongestName)
    {
        if (_entries.TryGetValue(Name(property, 0x001F), out var wide)) return Encoding.Unicode.GetString(_file.Bytes(wide, most)).TrimEnd('\0');
        return _entries.TryGetValue(Name(property, 0x001E), out var narrow) ? Decoded(_file.Bytes(narrow, most), Number(MailCodePage))?.TrimEnd('\0') : null;
    }

    private static string? Decoded(byte[] bytes, int? codePage)
    {
        if (codePage is { } number and > 0)
        {
            try
            {
                return EmailCoding.CodePage(number).GetString(bytes);
            }
            catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
            {
                // A code page nobody knows: the bytes themselves are the better hint.
            }
        }
        return TextDecoding.Decode(bytes) ?? Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The value of a property of fixed size; null where there is none.</summary>
    private long? Fixed(int property)
    {
        for (var at = _fixedFrom; at + 16 <= _fixed.Length; at += 16)
            if (BinaryPrimitives.ReadUInt16LittleEndian(_fixed.AsSpan(at + 2)) == property) return BinaryPrimitives.ReadInt64LittleEndian(_fixed.AsSpan(at + 8));
        return null;
    }

    private int? Number(int property) => Fixed(property) is { } value ? (int)value : null;

    private bool Flag(int property) => Fixed(property) is { } value && (value & 0xFF) != 0;

    private DateTime? Time(int property) => Fixed(property) is > 0 and < 2_650_467_743_990_000_000 and var ticks ? DateTime.FromFileTimeUtc(ticks) : null;

    private static string Address(string? name, string? address)
    {
        var (shown, at) = (Line(name), Line(address));
        // Inside one house an address is a path, which says less than the name.
        if (at.Length == 0 || !at.Contains('@') || at == shown) return shown.Length > 0 ? shown : at;
        return shown.Length == 0 ? at : $"{shown} <{at}>";
    }

    private static string Line(string? text) => text is null ? "" : string.Join(' ', text.Split(['\r', '\n', '\0', '\t'], StringSplitOptions.RemoveEmptyEntries)).Trim();

    private static string Name(int property, int type) => $"__substg1.0_{property:X4}{type:X4}";
}
