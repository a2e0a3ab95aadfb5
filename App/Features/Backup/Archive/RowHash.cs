using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// A hash of rows that does not depend on their order: the sum of their SHA-256 modulo 2^256 (AdHash of M. Bellare and D. Micciancio,
/// "A New Paradigm for Collision-Free Hashing", EUROCRYPT 1997). It finds errors; against forgery the archive is sealed.
/// </summary>
internal sealed class RowHash
{
    private readonly ulong[] _sum = new ulong[4];

    public void Add(ReadOnlySpan<byte> row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(row, hash);
        var carry = 0UL;
        for (var i = 0; i < _sum.Length; i++)
        {
            var sum = (UInt128)_sum[i] + BinaryPrimitives.ReadUInt64LittleEndian(hash[(8 * i)..]) + carry;
            (_sum[i], carry) = ((ulong)sum, (ulong)(sum >> 64));
        }
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < _sum.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], _sum[i]);
        return Convert.ToHexStringLower(bytes);
    }
}
