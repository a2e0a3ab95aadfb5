namespace BlazorAdmin.Features.Monitor;

/// <summary>Load averages over 1, 5 and 15 minutes.</summary>
internal sealed class LoadReader(string root) : HostReader(MetricFamily.Load)
{
    private static readonly string[] Spans = ["1", "5", "15"];

    private readonly ProcFile _file = new(Path.Combine(root, "proc/loadavg"));
    private readonly int[] _columns = new int[Spans.Length];

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_file.Exists) return false;
        for (var i = 0; i < Spans.Length; i++)
            _columns[i] = layout.Add(Family, $"load.{Spans[i]}", MetricKind.Load, Spans[i]);
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        var line = _file.Read(buffer);
        foreach (var column in _columns)
            if (ProcText.TryDecimal(ref line, out var load)) Set(row, column, load);
    }

    public override void Dispose() => _file.Dispose();
}
