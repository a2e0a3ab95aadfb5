namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Samples of one metric at their own times.</summary>
internal sealed class SampleLine
{
    private const int GapSteps = 3;

    private readonly List<(long At, float Value)> _samples = [];

    public IReadOnlyList<(long At, float Value)> Samples => _samples;

    public void Add(long at, float value)
    {
        if (float.IsFinite(value)) _samples.Add((at, value));
    }

    /// <summary>The samples with a NaN in each gap, or drawn together if these are more than wanted.</summary>
    /// <param name="interval">Milliseconds between two samples now; where they were usually taken less often, that counts.</param>
    public MetricLine ToLine(string key, MetricKind kind, MetricRange range, int interval, int maxPoints)
    {
        if (!IsAscending()) _samples.Sort((a, b) => a.At.CompareTo(b.At));
        var usual = Math.Max(interval, Usual());
        var gap = GapSteps * usual;
        var gaps = 0;
        for (var i = 1; i < _samples.Count; i++)
            if (_samples[i].At - _samples[i - 1].At > gap) gaps++;
        if (_samples.Count + gaps > maxPoints) return Together(key, kind, range, maxPoints);

        var (times, values) = (new double[_samples.Count + gaps], new float[_samples.Count + gaps]);
        var place = 0;
        for (var i = 0; i < _samples.Count; i++)
        {
            if (i > 0 && _samples[i].At - _samples[i - 1].At > gap) (times[place], values[place++]) = (_samples[i - 1].At + usual, float.NaN);
            (times[place], values[place++]) = (_samples[i].At, _samples[i].Value);
        }
        return new MetricLine(key, kind, times, values, values, values);
    }

    private MetricLine Together(string key, MetricKind kind, MetricRange range, int maxPoints)
    {
        var builder = new LineBuilder(range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), MetricLevels.StepFor(range, MetricLevel.Raw, maxPoints));
        foreach (var (at, value) in _samples) builder.Add(at, value);
        return builder.ToLine(key, kind);
    }

    /// <summary>Middle distance of neighbours.</summary>
    private long Usual()
    {
        if (_samples.Count < 2) return 0;
        var steps = new long[_samples.Count - 1];
        for (var i = 0; i < steps.Length; i++) steps[i] = _samples[i + 1].At - _samples[i].At;
        Array.Sort(steps);
        return steps[steps.Length / 2];
    }

    private bool IsAscending()
    {
        for (var i = 1; i < _samples.Count; i++)
            if (_samples[i].At < _samples[i - 1].At) return false;
        return true;
    }
}
