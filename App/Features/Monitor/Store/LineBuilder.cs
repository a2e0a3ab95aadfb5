namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Draws samples and rollups of one metric together into points of equal length, so that no extreme is lost. A stretch without
/// samples of more than three lengths (or three times the usual distance, where samples are further apart than that) becomes one
/// point of NaN; shorter ones are drawn through.
/// </summary>
internal sealed class LineBuilder
{
    private const int GapSteps = 3;

    private readonly long _from, _step, _first;
    private readonly float[] _min, _max;
    private readonly double[] _sum;
    private readonly long[] _count;

    /// <param name="step">Length of a point, milliseconds.</param>
    public LineBuilder(long from, long to, long step)
    {
        (_from, _step, _first) = (from, step, MetricLevels.Floor(from, step));
        var points = (int)MetricLevels.Points(from, to, step);
        (_min, _max, _sum, _count) = (new float[points], new float[points], new double[points], new long[points]);
    }

    public void Add(long at, float value)
    {
        if (float.IsFinite(value)) Add(at, value, value, value, 1);
    }

    public void Add(MetricRollup rollup) => Add(rollup.At, rollup.Min, rollup.Max, (double)rollup.Mean * rollup.Count, rollup.Count);

    /// <summary>The points that have samples, in order; <paramref name="point"/> is told of time, count, min, max and mean.</summary>
    public void Each(Action<long, long, float, float, float> point)
    {
        for (var i = 0; i < _count.Length; i++)
            if (_count[i] > 0)
                point(TimeOf(i), _count[i], _min[i], _max[i], Mean(i));
    }

    public MetricLine ToLine(string key, MetricKind kind)
    {
        var (times, min, max, mean) = (new List<double>(), new List<float>(), new List<float>(), new List<float>());
        var (last, gap) = (-1, GapSteps * Usual());
        for (var i = 0; i < _count.Length; i++)
        {
            if (_count[i] == 0) continue;
            // Takes the place of an empty point, so the line does not grow beyond what was asked for.
            if (last >= 0 && i - last > gap) Add(TimeOf(last + 1), float.NaN, float.NaN, float.NaN);
            Add(TimeOf(i), _min[i], _max[i], Mean(i));
            last = i;
        }
        return new MetricLine(key, kind, [.. times], [.. min], [.. max], [.. mean]);

        void Add(long time, float low, float high, float middle)
        {
            times.Add(time);
            min.Add(low);
            max.Add(high);
            mean.Add(middle);
        }
    }

    /// <summary>Middle distance of points that have samples.</summary>
    private int Usual()
    {
        var (steps, last) = (new List<int>(), -1);
        for (var i = 0; i < _count.Length; i++)
        {
            if (_count[i] == 0) continue;
            if (last >= 0) steps.Add(i - last);
            last = i;
        }
        if (steps.Count == 0) return 1;
        steps.Sort();
        return steps[steps.Count / 2];
    }

    private void Add(long at, float min, float max, double sum, long count)
    {
        var place = (MetricLevels.Floor(at, _step) - _first) / _step;
        if (place < 0 || place >= _count.Length) return;
        var empty = _count[place] == 0;
        _min[place] = empty ? min : Math.Min(_min[place], min);
        _max[place] = empty ? max : Math.Max(_max[place], max);
        _sum[place] += sum;
        _count[place] += count;
    }

    // The first point may begin before the range.
    private long TimeOf(int place) => Math.Max(_from, _first + place * _step);

    private float Mean(int place) => Math.Clamp((float)(_sum[place] / _count[place]), _min[place], _max[place]);
}
