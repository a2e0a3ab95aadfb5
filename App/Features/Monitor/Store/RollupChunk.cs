namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Packs the rollups of one series and chunk. Two sections follow each other, numbers and sketches, so that a chart, which needs
/// no sketch, unpacks only the first.
/// </summary>
internal static class RollupChunk
{
    private const byte Version = 1;
    private const int Most = 100_000;

    /// <param name="rollups">Ascending; their times are multiples of the level's step from <paramref name="start"/> on.</param>
    public static byte[] Pack(IReadOnlyList<MetricRollup> rollups, long start, long step)
    {
        var numbers = ChunkBytes.Pack(Numbers(rollups, start, step));
        using var target = new MemoryStream();
        target.WriteByte(Version);
        target.WriteNumber((ulong)numbers.Length);
        target.Write(numbers);
        target.Write(ChunkBytes.Pack(Sketches(rollups)));
        return target.ToArray();
    }

    /// <param name="sketches">False leaves them empty.</param>
    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static List<MetricRollup> Unpack(ReadOnlySpan<byte> data, long start, long step, bool sketches)
    {
        if (data.IsEmpty || data[0] != Version) throw new InvalidDataException("A chunk of metrics has an unknown version.");
        data = data[1..];
        var length = ChunkBytes.ReadCount(ref data, data.Length);
        if (length > data.Length) throw new InvalidDataException("A chunk of metrics ends too early.");
        ReadOnlySpan<byte> numbers = ChunkBytes.Unpack(data[..length]);
        ReadOnlySpan<byte> packed = sketches ? ChunkBytes.Unpack(data[length..]) : default;

        var count = ChunkBytes.ReadCount(ref numbers, Most);
        var (places, counts) = (new long[count], new int[count]);
        for (var i = 0; i < count; i++) places[i] = (long)ChunkBytes.ReadNumber(ref numbers) + (i == 0 ? 0 : places[i - 1]);
        for (var i = 0; i < count; i++) counts[i] = ChunkBytes.ReadCount(ref numbers, int.MaxValue);
        var words = new uint[3 * count];
        if (numbers.Length != words.Length * 4) throw new InvalidDataException("A chunk of metrics has the wrong length.");
        ChunkBytes.Unshuffle(numbers, words);

        var rollups = new List<MetricRollup>(count);
        uint before = 0;
        var bucket = 0;
        for (var i = 0; i < count; i++)
        {
            before ^= words[i];
            rollups.Add(new MetricRollup(start + places[i] * step, counts[i], Float(before), Float(before ^ words[count + i]), Float(before ^ words[2 * count + i]),
                sketches ? ReadSketch(ref packed, ref bucket) : MetricSketch.Empty));
        }
        return rollups;
    }

    private static byte[] Numbers(IReadOnlyList<MetricRollup> rollups, long start, long step)
    {
        using var target = new MemoryStream();
        target.WriteNumber((ulong)rollups.Count);
        long place = 0;
        foreach (var rollup in rollups)
        {
            var next = (rollup.At - start) / step;
            target.WriteNumber((ulong)(next - place));
            place = next;
        }
        foreach (var rollup in rollups) target.WriteNumber((ulong)rollup.Count);
        var words = new uint[3 * rollups.Count];
        uint before = 0;
        for (var i = 0; i < rollups.Count; i++)
        {
            // The smallest against the one before, the others against the smallest: a steady series is all zeros.
            var min = Bits(rollups[i].Min);
            words[i] = min ^ before;
            words[rollups.Count + i] = Bits(rollups[i].Max) ^ min;
            words[2 * rollups.Count + i] = Bits(rollups[i].Mean) ^ min;
            before = min;
        }
        target.Write(ChunkBytes.Shuffle(words));
        return target.ToArray();
    }

    private static byte[] Sketches(IReadOnlyList<MetricRollup> rollups)
    {
        using var target = new MemoryStream();
        var bucket = 0;
        foreach (var rollup in rollups)
        {
            var codes = rollup.Sketch.Codes;
            var counts = rollup.Sketch.Counts;
            target.WriteNumber((ulong)codes.Length);
            for (var i = 0; i < codes.Length; i++)
            {
                target.WriteSigned(codes[i] - bucket);
                target.WriteNumber((ulong)counts[i]);
                bucket = codes[i];
            }
            // The next one begins near the lowest bucket of this.
            if (codes.Length > 0) bucket = codes[0];
        }
        return target.ToArray();
    }

    private static MetricSketch ReadSketch(ref ReadOnlySpan<byte> source, ref int bucket)
    {
        var length = ChunkBytes.ReadCount(ref source, 2 * MetricSketch.MostCode + 1);
        if (length == 0) return MetricSketch.Empty;
        var (codes, counts) = (new int[length], new int[length]);
        for (var i = 0; i < length; i++)
        {
            var code = bucket + ChunkBytes.ReadSigned(ref source);
            if (Math.Abs(code) > MetricSketch.MostCode) throw new InvalidDataException($"A chunk of metrics names the unknown bucket {code}.");
            codes[i] = bucket = (int)code;
            counts[i] = ChunkBytes.ReadCount(ref source, int.MaxValue);
        }
        bucket = codes[0];
        return new MetricSketch(codes, counts);
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
