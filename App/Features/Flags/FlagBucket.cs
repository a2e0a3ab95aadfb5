using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BlazorAdmin.Features.Flags;

/// <summary>
/// Spreads people over shares: the same person always falls into the same place of a flag, on every node and after every
/// start. MurmurHash3, x86, 32 bit (A. Appleby, 2011, public domain) of the person's id, seeded with the hash of the
/// flag's salt, then scaled to 100,000 places by multiplication (D. Lemire, "Fast Random Integer Generation in an
/// Interval", ACM TOMACS 29(1), 2019). A share of n thousandths of a percent is the places below n: raising it takes
/// nobody out.
/// </summary>
public static class FlagBucket
{
    private const uint C1 = 0xcc9e2d51, C2 = 0x1b873593;

    /// <summary>Seed of a salt; computed once for each flag.</summary>
    public static uint Seed(string salt) => Hash(Encoding.UTF8.GetBytes(salt), 0);

    /// <returns>From 0 to 99,999.</returns>
    public static int Of(uint seed, Guid person)
    {
        Span<byte> bytes = stackalloc byte[16];
        person.TryWriteBytes(bytes, bigEndian: true, out _);
        return (int)(((ulong)Hash(bytes, seed) * FlagDefinition.Everybody) >> 32);
    }

    internal static uint Hash(ReadOnlySpan<byte> data, uint seed)
    {
        var hash = seed;
        var rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            hash ^= Mixed(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = BitOperations.RotateLeft(hash, 13) * 5 + 0xe6546b64;
        }

        if (rest.Length > 0)
        {
            uint tail = 0;
            for (var i = rest.Length - 1; i >= 0; i--) tail = (tail << 8) | rest[i];
            hash ^= Mixed(tail);
        }

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mixed(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;
}
