using System.Buffers.Binary;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>
/// Sketches of texts whose share of equal components estimates the Jaccard similarity of their sets of three-word shingles
/// (A. Broder, "On the resemblance and containment of documents", 1997). The standard error with <see cref="Components"/>
/// components is at most 4.5 points. Components come from multiply-shift hashing (M. Dietzfelbinger et al., 1997) with fixed seeds:
/// the same text gives the same sketch on every node and in every version of the portal.
/// </summary>
public static class MinHash
{
    public const int Components = 128;
    public const int Bands = 16;
    public const int RowsPerBand = Components / Bands;

    /// <summary>Shorter texts are too much alike by chance: they get no sketch.</summary>
    public const int LeastWords = 20;

    /// <summary>What comes after so many words does not count.</summary>
    public const int MostWords = 200_000;

    private const int ShingleWords = 3;
    private static readonly (ulong Factor, ulong Shift)[] Hashes = Seeds();

    /// <returns>4 bytes per component, little endian; null for texts under <see cref="LeastWords"/> words.</returns>
    public static byte[]? Of(IEnumerable<string> texts)
    {
        var least = new uint[Components];
        Array.Fill(least, uint.MaxValue);
        Span<ulong> last = stackalloc ulong[ShingleWords];
        var words = 0;
        foreach (var word in texts.SelectMany(Words).Take(MostWords))
        {
            (last[0], last[1], last[2]) = (last[1], last[2], word);
            if (++words >= ShingleWords) Add(least, Mix(last[0] * 3 + Mix(last[1] * 5 + Mix(last[2]))));
        }
        if (words < LeastWords) return null;
        var signature = new byte[Components * sizeof(uint)];
        for (var i = 0; i < Components; i++) BinaryPrimitives.WriteUInt32LittleEndian(signature.AsSpan(i * sizeof(uint)), least[i]);
        return signature;
    }

    /// <summary>Estimated Jaccard similarity of two sketched texts, 0 to 1.</summary>
    public static double Similarity(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != Components * sizeof(uint) || other.Length != one.Length) return 0;
        var same = 0;
        for (var i = 0; i < one.Length; i += sizeof(uint))
            if (one.Slice(i, sizeof(uint)).SequenceEqual(other.Slice(i, sizeof(uint))))
                same++;
        return (double)same / Components;
    }

    /// <summary>One hash per band. Texts of similarity s share one of them with the probability 1 − (1 − s^8)^16: 0.947 at 0.8, 0.9999 at 0.9, 0.06 at 0.5.</summary>
    public static IReadOnlyList<long> BandsOf(ReadOnlySpan<byte> signature)
    {
        var bands = new long[Bands];
        for (var band = 0; band < Bands; band++)
        {
            var hash = (ulong)band + 1;
            for (var row = 0; row < RowsPerBand; row++) hash = Mix(hash * 31 + BinaryPrimitives.ReadUInt32LittleEndian(signature[((band * RowsPerBand + row) * sizeof(uint))..]));
            bands[band] = unchecked((long)hash);
        }
        return bands;
    }

    private static void Add(uint[] least, ulong shingle)
    {
        for (var i = 0; i < Components; i++)
        {
            var value = (uint)((Hashes[i].Factor * shingle + Hashes[i].Shift) >> 32);
            if (value < least[i]) least[i] = value;
        }
    }

    /// <summary>Hashes (FNV-1a) of the words in lower case; whatever is no letter or digit parts them.</summary>
    private static IEnumerable<ulong> Words(string text)
    {
        const ulong offset = 14695981039346656037, prime = 1099511628211;
        var (hash, any) = (offset, false);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                hash = unchecked((hash ^ char.ToLowerInvariant(character)) * prime);
                any = true;
            }
            else if (any)
            {
                yield return hash;
                (hash, any) = (offset, false);
            }
        }
        if (any) yield return hash;
    }

    private static (ulong Factor, ulong Shift)[] Seeds()
    {
        var state = 0x5EED_0F_B10B_0001UL;
        ulong Next() => Mix(state = unchecked(state + 0x9E3779B97F4A7C15));
        return [.. Enumerable.Range(0, Components).Select(_ => (Next() | 1, Next()))];
    }

    /// <summary>Finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
