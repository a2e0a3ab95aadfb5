using System.Runtime.InteropServices;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Packs the samples of one series and minute, bit for bit. The first byte says how; of three ways to make neighbours alike
/// (exclusive or, as in Pelkonen et al., "Gorilla", VLDB 2015; difference in units of the last place; as they are) the one that
/// deflates best is taken.
/// </summary>
internal static class RawChunk
{
    private const int Most = 1 << 20;

    private enum Way : byte
    {
        Same = 1,
        Xor = 2,
        Difference = 3,
        Plain = 4,
    }

    public static byte[] Pack(ReadOnlySpan<float> values)
    {
        var words = MemoryMarshal.Cast<float, uint>(values);
        if (!words.IsEmpty && words.IndexOfAnyExcept(words[0]) < 0)
        {
            using var same = Begin(Way.Same, words.Length);
            same.Write(BitConverter.GetBytes(words[0]));
            return same.ToArray();
        }
        byte[]? best = null;
        var moved = new uint[words.Length];
        foreach (var way in (ReadOnlySpan<Way>)[Way.Xor, Way.Difference, Way.Plain])
        {
            Forward(way, words, moved);
            using var target = Begin(way, words.Length);
            target.Write(ChunkBytes.Pack(ChunkBytes.Shuffle(moved)));
            if (best is null || target.Length < best.Length) best = target.ToArray();
        }
        return best!;
    }

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static float[] Unpack(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) throw new InvalidDataException("A chunk of metrics is empty.");
        var way = (Way)data[0];
        data = data[1..];
        var values = new float[ChunkBytes.ReadCount(ref data, Most)];
        var words = MemoryMarshal.Cast<float, uint>(values.AsSpan());
        if (way == Way.Same)
        {
            if (data.Length != sizeof(uint)) throw new InvalidDataException("A chunk of metrics has the wrong length.");
            words.Fill(BitConverter.ToUInt32(data));
            return values;
        }
        var content = ChunkBytes.Unpack(data);
        if (content.Length != words.Length * 4) throw new InvalidDataException("A chunk of metrics has the wrong length.");
        ChunkBytes.Unshuffle(content, words);
        Back(way, words);
        return values;
    }

    private static MemoryStream Begin(Way way, int count)
    {
        var target = new MemoryStream();
        target.WriteByte((byte)way);
        target.WriteNumber((ulong)count);
        return target;
    }

    private static void Forward(Way way, ReadOnlySpan<uint> words, Span<uint> moved)
    {
        uint before = 0;
        for (var i = 0; i < words.Length; i++)
        {
            moved[i] = way switch
            {
                Way.Xor => words[i] ^ before,
                Way.Difference => ZigZag((int)(words[i] - before)),
                _ => words[i],
            };
            before = words[i];
        }
    }

    private static void Back(Way way, Span<uint> words)
    {
        uint before = 0;
        for (var i = 0; i < words.Length; i++)
            before = words[i] = way switch
            {
                Way.Xor => words[i] ^ before,
                Way.Difference => before + (uint)UnZigZag(words[i]),
                Way.Plain => words[i],
                _ => throw new InvalidDataException($"A chunk of metrics is packed in the unknown way {(byte)way}."),
            };
    }

    // Differences of either sign become small numbers.
    private static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    private static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);
}
