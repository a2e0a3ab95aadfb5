namespace BlazorAdmin.Tests.Features.Monitor.Store;

/// <summary>Numbers such as machines give, the same for the same seed.</summary>
internal static class TestSeries
{
    /// <summary>Anything a 32-bit number can be, with runs, NaN of several patterns and infinities.</summary>
    public static float[] Any(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.Next(6) switch
            {
                0 when i > 0 => values[i - 1],
                1 => float.NaN,
                2 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                3 => random.Next(-1000, 1000),
                4 => random.Next(4) == 0 ? float.NegativeInfinity : 0f,
                _ => (float)(random.NextDouble() * 100),
            };
        return values;
    }

    /// <summary>Times about 100 ms apart, late now and then.</summary>
    public static long[] Times(Random random, long start, int count)
    {
        var times = new long[count];
        var at = start + random.Next(100);
        for (var i = 0; i < count; i++)
        {
            times[i] = at;
            at += 100 + random.Next(-2, 3) + (random.Next(50) == 0 ? random.Next(200) : 0);
        }
        return times;
    }

    /// <summary>Share of a core over a sliding second: counts of 10 ms over a time that is never quite one second.</summary>
    public static float[] Cpu(Random random, int count, double load)
    {
        var (values, busy) = (new float[count], new Queue<int>(Enumerable.Range(0, 10).Select(_ => random.Next(2))));
        for (var i = 0; i < count; i++)
        {
            busy.Enqueue(Enumerable.Range(0, 10).Count(_ => random.NextDouble() < load));
            if (busy.Count > 10) busy.Dequeue();
            values[i] = (float)(100 - (100 - busy.Sum()) / (1 + (random.NextDouble() - 0.5) * 1e-3));
        }
        return values;
    }

    /// <summary>Bytes that drift in pages of 4 KB.</summary>
    public static float[] Memory(Random random, int count, double around)
    {
        var (values, pages) = (new float[count], around / 4096);
        for (var i = 0; i < count; i++)
        {
            if (random.Next(3) == 0) pages += random.Next(-40, 41);
            values[i] = (float)(Math.Floor(pages) * 4096);
        }
        return values;
    }

    /// <summary>Bytes a second: mostly nothing, bursts of several kilobytes.</summary>
    public static float[] Traffic(Random random, int count, double share)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            if (random.NextDouble() < share) values[i] = (float)(Math.Floor(Math.Exp(5 + 4 * random.NextDouble())) / (0.1 + (random.NextDouble() - 0.5) * 1e-3));
        return values;
    }

    /// <summary>Changes every five seconds in steps of a hundredth.</summary>
    public static float[] Load(Random random, int count)
    {
        var (values, load) = (new float[count], 0.5);
        for (var i = 0; i < count; i++)
        {
            if (i % 50 == 0) load = Math.Max(0, load + random.Next(-10, 11) / 100.0);
            values[i] = (float)Math.Round(load, 2);
        }
        return values;
    }
}
