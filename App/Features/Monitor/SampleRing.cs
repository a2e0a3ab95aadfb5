namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// The last samples in memory: one row of numbers, a time and a sequence number each. One writer, any number of readers,
/// no lock: a reader copies and then drops the rows that the writer has begun to overwrite meanwhile. Memory is bounded by
/// capacity times <see cref="MetricCatalog.MaxColumns"/> numbers and in practice by the columns in use.
/// </summary>
public sealed class SampleRing
{
    private readonly int _capacity;
    private Storage _storage;
    private long _last;
    private long _writing;

    public SampleRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _capacity = capacity;
        _storage = new Storage(capacity, 0, [], new double[capacity]);
    }

    /// <summary>Rows that are kept at most; the one being overwritten is not readable.</summary>
    public int Capacity => _capacity;

    /// <summary>Sequence number of the newest row; 0 while there is none. Numbers have no gaps.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Sequence number of the oldest row that is still readable.</summary>
    public long Oldest => OldestAt(Last);

    /// <summary>Adds a row. Only the writer calls this.</summary>
    /// <param name="values">One number per column; may be wider than earlier rows, whose further columns then read NaN.</param>
    /// <returns>The sequence number of the row.</returns>
    public long Append(double unixMilliseconds, ReadOnlySpan<float> values)
    {
        var storage = _storage;
        if (values.Length > storage.Width) _storage = storage = storage.Widen(values.Length);
        var sequence = _last + 1;
        Volatile.Write(ref _writing, sequence);
        // Readers must see the claim on the slot before they can see any of its new content.
        Interlocked.MemoryBarrier();
        var slot = (int)(sequence % _capacity);
        storage.Times[slot] = unixMilliseconds;
        var row = storage.Values.AsSpan(slot * storage.Width, storage.Width);
        values.CopyTo(row);
        row[values.Length..].Fill(float.NaN);
        Volatile.Write(ref _last, sequence);
        return sequence;
    }

    /// <summary>Copies consecutive rows, the first being <paramref name="from"/> or the oldest one left.</summary>
    /// <param name="width">Numbers per row in <paramref name="values"/>; columns that the ring lacks read NaN.</param>
    /// <param name="times">Receives Unix milliseconds; its length bounds the count.</param>
    /// <returns>Sequence number of the first row copied and the count; count 0 when there is nothing from there on.</returns>
    public (long First, int Count) Read(long from, int width, Span<double> times, Span<float> values)
    {
        while (true)
        {
            // In this order: wider storage is in place before the first row that needs it is published.
            var last = Last;
            var storage = Volatile.Read(ref _storage);
            var first = Math.Max(from, OldestAt(last));
            var room = width == 0 ? times.Length : Math.Min(times.Length, values.Length / width);
            var count = (int)Math.Min(last - first + 1, room);
            if (count <= 0) return (first, 0);
            var shared = Math.Min(width, storage.Width);
            for (var i = 0; i < count; i++)
            {
                var slot = (int)((first + i) % _capacity);
                times[i] = storage.Times[slot];
                var target = values.Slice(i * width, width);
                storage.Values.AsSpan(slot * storage.Width, shared).CopyTo(target);
                target[shared..].Fill(float.NaN);
            }
            Interlocked.MemoryBarrier();
            if (first > Volatile.Read(ref _writing) - _capacity) return (first, count);
            // Overtaken while copying: begin again with what is left.
        }
    }

    private long OldestAt(long last) => Math.Max(1, last - _capacity + 2);

    private sealed class Storage(int capacity, int width, float[] values, double[] times)
    {
        public int Width => width;

        public float[] Values => values;

        public double[] Times => times;

        /// <summary>A copy, so that readers of this one are not disturbed.</summary>
        public Storage Widen(int newWidth)
        {
            var wide = new float[capacity * newWidth];
            Array.Fill(wide, float.NaN);
            for (var slot = 0; slot < capacity; slot++)
                values.AsSpan(slot * width, width).CopyTo(wide.AsSpan(slot * newWidth));
            return new Storage(capacity, newWidth, wide, (double[])times.Clone());
        }
    }
}
