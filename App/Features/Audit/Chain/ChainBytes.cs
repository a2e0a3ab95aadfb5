using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// The bytes of an audit row that its hash covers, and the hash that ties it to the row before: a hash chain after
/// B. Schneier and J. Kelsey, "Secure Audit Logs to Support Computer Forensics", ACM TISSEC 2(2), 1999.
/// </summary>
/// <remarks>
/// Format 1: the byte 1, then each field in the order of <see cref="Of"/> as its length in bytes (32 bit, big endian;
/// 0xFFFFFFFF for null) and its bytes. Numbers are big endian (64 bit ids and times, 32 bit counts), times are UTC ticks of
/// 100 ns, ids are the 16 bytes of RFC 4122, text is UTF-8. The lengths keep two different rows from having the same bytes.
/// The hash is SHA-256 over the byte 1, the previous hash (32 bytes, zeros before the first row) and these bytes. The names
/// of people are not in a row (<see cref="AuditActor"/>), what before and after say of people counts as its commitment only
/// (<see cref="PersonalValue"/>), and the three columns of the chain are not part of the bytes.
/// A change of any of this needs a new format number; sealed rows keep theirs.
/// </remarks>
public static class ChainBytes
{
    public const int HashLength = 32;

    private const byte Format = 1;
    private const uint Null = 0xFFFFFFFF;

    /// <summary>The bytes of <paramref name="row"/> in format 1.</summary>
    public static byte[] Of(ChainRow row)
    {
        using var bytes = new MemoryStream(512);
        bytes.WriteByte(Format);
        Add(bytes, row.Id);
        Add(bytes, row.TenantId);
        Add(bytes, row.At.UtcTicks);
        Add(bytes, row.ActorId);
        Add(bytes, row.SessionId);
        Add(bytes, row.Address);
        Add(bytes, row.Node);
        Add(bytes, row.Action);
        Add(bytes, row.Outcome);
        Add(bytes, row.SubjectType);
        Add(bytes, row.SubjectId);
        Add(bytes, row.SubjectName);
        Add(bytes, row.Count);
        Add(bytes, PersonalValue.Redact(row.Before));
        Add(bytes, PersonalValue.Redact(row.After));
        Add(bytes, row.Detail);
        return bytes.ToArray();
    }

    /// <summary>The hash of <paramref name="row"/> behind a row with <paramref name="previousHash"/>; 32 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> previousHash, ChainRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Format]);
        hash.AppendData(previousHash);
        hash.AppendData(Of(row));
        return hash.GetHashAndReset();
    }

    private static void Add(MemoryStream bytes, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)field.Length);
        bytes.Write(length);
        bytes.Write(field);
    }

    private static void AddNull(MemoryStream bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, Null);
        bytes.Write(length);
    }

    private static void Add(MemoryStream bytes, long value)
    {
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(field, value);
        Add(bytes, field);
    }

    private static void Add(MemoryStream bytes, int value)
    {
        Span<byte> field = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(field, value);
        Add(bytes, field);
    }

    private static void Add(MemoryStream bytes, Guid value) => Add(bytes, value.ToByteArray(bigEndian: true).AsSpan());

    private static void Add(MemoryStream bytes, Guid? value)
    {
        if (value is { } known) Add(bytes, known);
        else AddNull(bytes);
    }

    private static void Add(MemoryStream bytes, string? value)
    {
        if (value is null) AddNull(bytes);
        else Add(bytes, Encoding.UTF8.GetBytes(value).AsSpan());
    }
}
