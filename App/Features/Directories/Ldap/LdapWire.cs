using System.Formats.Asn1;
using System.Text;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>What the directory says at the end of an operation.</summary>
internal sealed record LdapResult(int Code, string Words);

/// <summary>Messages of LDAP version 3 (RFC 4511), in the Basic Encoding Rules.</summary>
internal static class LdapWire
{
    public const int BindResponse = 1;
    public const int SearchEntry = 4;
    public const int SearchDone = 5;
    public const int SearchReference = 19;
    public const int ExtendedResponse = 24;

    private const string PagedResults = "1.2.840.113556.1.4.319"; // RFC 2696
    private const string StartTls = "1.3.6.1.4.1.1466.20037";
    private const int LargestMessage = 16 * 1024 * 1024;

    public static byte[] Bind(int id, string name, string password) => Message(id, writer =>
    {
        using (writer.PushSequence(Application(0)))
        {
            writer.WriteInteger(3);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), Context(0));
        }
    });

    public static byte[] Secure(int id) => Message(id, writer =>
    {
        using (writer.PushSequence(Application(23))) writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTls), Context(0));
    });

    public static byte[] Unbind(int id) => Message(id, writer => writer.WriteNull(Application(2)));

    /// <param name="pageSize">0: without paging.</param>
    /// <param name="cookie">What the last page ended with.</param>
    /// <exception cref="FormatException">The filter cannot be read.</exception>
    public static byte[] Search(int id, string root, LdapScope scope, string filter, IReadOnlyList<string> attributes, int sizeLimit, int pageSize, byte[] cookie) => Message(id, writer =>
    {
        using (writer.PushSequence(Application(3)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(root));
            writer.WriteEnumeratedValue(scope);
            writer.WriteEnumeratedValue(Aliases.Never);
            writer.WriteInteger(sizeLimit);
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            LdapFilter.Write(writer, filter);
            using (writer.PushSequence())
                foreach (var attribute in attributes) writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
        }

        if (pageSize == 0) return;
        using (writer.PushSequence(Context(0)))
        using (writer.PushSequence())
        {
            writer.WriteOctetString(Encoding.ASCII.GetBytes(PagedResults));
            writer.WriteBoolean(true);
            var page = new AsnWriter(AsnEncodingRules.BER);
            using (page.PushSequence())
            {
                page.WriteInteger(pageSize);
                page.WriteOctetString(cookie);
            }

            writer.WriteOctetString(page.Encode());
        }
    });

    /// <summary>Reads one message and nothing beyond it, so that what follows can become TLS.</summary>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    /// <exception cref="InvalidDataException">It is no LDAP.</exception>
    public static async Task<LdapMessage> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancellation);
        if (head[0] != 0x30) throw new InvalidDataException("The first byte is no LDAP message.");
        int length = head[1];
        var prefix = Array.Empty<byte>();
        if (length >= 0x80)
        {
            if (length is 0x80 or > 0x84) throw new InvalidDataException("The length of a message cannot be read.");
            prefix = new byte[length & 0x7F];
            await stream.ReadExactlyAsync(prefix, cancellation);
            var announced = prefix.Aggregate(0L, (sum, part) => (sum << 8) | part);
            if (announced > LargestMessage) throw new InvalidDataException($"A message of {announced} bytes is too large.");
            length = (int)announced;
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellation);
        try
        {
            var reader = new AsnReader((byte[])[.. head, .. prefix, .. body], AsnEncodingRules.BER).ReadSequence();
            if (!reader.TryReadInt32(out var id)) throw new InvalidDataException("The number of a message cannot be read.");
            var tag = reader.PeekTag();
            if (tag.TagClass != TagClass.Application) throw new InvalidDataException("The kind of a message cannot be read.");
            var operation = reader.ReadEncodedValue();
            return new LdapMessage(id, tag, operation, reader.HasData ? reader.ReadEncodedValue() : default);
        }
        catch (AsnContentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static byte[] Message(int id, Action<AsnWriter> operation)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            operation(writer);
        }

        return writer.Encode();
    }

    private static Asn1Tag Application(int number) => new(TagClass.Application, number);

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);

    private enum Aliases
    {
        Never,
    }

    internal sealed record LdapMessage(int Id, Asn1Tag Tag, ReadOnlyMemory<byte> Operation, ReadOnlyMemory<byte> Controls)
    {
        public int Kind => Tag.TagValue;

        public LdapResult Result()
        {
            var reader = Open();
            var code = reader.ReadEnumeratedBytes().Span;
            reader.ReadOctetString();
            return new LdapResult(code.Length == 1 ? code[0] : 80, Encoding.UTF8.GetString(reader.ReadOctetString()));
        }

        public LdapEntry Entry()
        {
            var reader = Open();
            var name = Encoding.UTF8.GetString(reader.ReadOctetString());
            var attributes = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase);
            var list = reader.ReadSequence();
            while (list.HasData)
            {
                var attribute = list.ReadSequence();
                var type = Encoding.UTF8.GetString(attribute.ReadOctetString()).Split(';')[0];
                var values = new List<byte[]>();
                var set = attribute.ReadSetOf(skipSortOrderValidation: true);
                while (set.HasData) values.Add(set.ReadOctetString());
                attributes[type] = values;
            }

            return new LdapEntry(name, attributes);
        }

        /// <summary>The cookie of the next page; null without the control.</summary>
        public byte[]? Cookie()
        {
            if (Controls.IsEmpty) return null;
            var controls = new AsnReader(Controls, AsnEncodingRules.BER).ReadSequence(Context(0));
            while (controls.HasData)
            {
                var control = controls.ReadSequence();
                if (Encoding.ASCII.GetString(control.ReadOctetString()) != PagedResults) continue;
                if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) control.ReadBoolean();
                var page = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
                page.ReadInteger();
                return page.ReadOctetString();
            }

            return null;
        }

        private AsnReader Open() => new AsnReader(Operation, AsnEncodingRules.BER).ReadSequence(Tag);
    }
}
