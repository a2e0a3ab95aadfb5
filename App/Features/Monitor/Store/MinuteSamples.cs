namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>What a series is, apart from where it stands in a sample.</summary>
internal sealed record SeriesName(string Key, MetricFamily Family, MetricKind Kind, string? Device)
{
    public static SeriesName Of(Metric metric) => new(metric.Key, metric.Family, metric.Kind, metric.Device);

    public static SeriesName Of(MetricSeries series) => new(series.Key, series.Family, series.Kind, series.Device);
}

/// <summary>The samples of a node in one minute.</summary>
/// <param name="Start">Of the minute, Unix milliseconds.</param>
/// <param name="Times">Unix milliseconds, ascending, each once.</param>
/// <param name="Series">One number for each time; NaN for no sample.</param>
internal sealed record MinuteSamples(long Start, long[] Times, IReadOnlyList<(SeriesName Name, float[] Values)> Series)
{
    /// <summary>The same samples and those of <paramref name="others"/>; of a time that both have, the later non-NaN number counts.</summary>
    public MinuteSamples With(MinuteSamples others)
    {
        var builder = new MinuteBuilder(Start);
        builder.Add(this);
        builder.Add(others);
        return builder.Build();
    }
}

/// <summary>Gathers samples of a minute that come in any order and from several sources.</summary>
internal sealed class MinuteBuilder(long start)
{
    private readonly List<long> _times = [];
    private readonly Dictionary<string, Column> _columns = [];

    public Column Of(SeriesName name)
    {
        if (!_columns.TryGetValue(name.Key, out var column)) _columns[name.Key] = column = new Column(name);
        return column;
    }

    /// <returns>The row of a sample whose numbers follow.</returns>
    public int Row(long time)
    {
        _times.Add(time);
        return _times.Count - 1;
    }

    public void Add(MinuteSamples samples)
    {
        var first = _times.Count;
        _times.AddRange(samples.Times);
        foreach (var (name, values) in samples.Series)
        {
            var column = Of(name);
            for (var i = 0; i < values.Length; i++) column.Set(first + i, values[i]);
        }
    }

    public MinuteSamples Build()
    {
        var order = Enumerable.Range(0, _times.Count).ToArray();
        // Stable: of two samples of one time the later one wins.
        if (!IsAscending()) order = [.. order.OrderBy(row => _times[row])];
        var times = new List<long>(order.Length);
        var places = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var time = _times[order[i]];
            if (times.Count == 0 || times[^1] != time) times.Add(time);
            places[i] = times.Count - 1;
        }
        return new MinuteSamples(start, [.. times], [.. _columns.Values.OrderBy(c => c.Name.Key, StringComparer.Ordinal).Select(column => (column.Name, column.Values(order, places, times.Count)))]);
    }

    private bool IsAscending()
    {
        for (var i = 1; i < _times.Count; i++)
            if (_times[i] <= _times[i - 1]) return false;
        return true;
    }

    internal sealed class Column(SeriesName name)
    {
        private readonly List<float> _values = [];

        public SeriesName Name => name;

        public void Set(int row, float value)
        {
            while (_values.Count < row) _values.Add(float.NaN);
            _values.Add(value);
        }

        public float[] Values(int[] order, int[] places, int count)
        {
            var values = new float[count];
            Array.Fill(values, float.NaN);
            for (var i = 0; i < order.Length; i++)
            {
                var value = order[i] < _values.Count ? _values[order[i]] : float.NaN;
                // Bit for bit: a NaN of another pattern is only replaced by a number.
                if (!float.IsNaN(value) || float.IsNaN(values[places[i]])) values[places[i]] = value;
            }
            return values;
        }
    }
}
