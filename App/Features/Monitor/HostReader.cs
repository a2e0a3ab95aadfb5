namespace BlazorAdmin.Features.Monitor;

/// <summary>Reads one family of metrics. A family that the machine lacks has no metrics at all; an unknown value is NaN, never zero.</summary>
internal abstract class HostReader(MetricFamily family, ReaderPace pace = ReaderPace.EverySample) : IDisposable
{
    public MetricFamily Family { get; } = family;

    public ReaderPace Pace { get; } = pace;

    /// <summary>Set while the last reading failed, so that a lasting failure is reported once.</summary>
    public bool Failing { get; set; }

    /// <summary>True after <see cref="Discover"/> when the machine has the family.</summary>
    public bool Present { get; protected set; }

    /// <summary>Set by <see cref="Sample"/> when a device has come or gone and <see cref="Discover"/> is due.</summary>
    public bool DevicesChanged { get; protected set; }

    /// <summary>The columns that the family has now.</summary>
    public int[] Columns { get; private set; } = [];

    /// <summary>Monotonic second of the next reading; for readers that rest between samples.</summary>
    public double Due { get; set; } = double.NegativeInfinity;

    /// <summary>Finds the devices and takes columns for them. May allocate: it runs at start and when devices change.</summary>
    public void Discover(MetricLayout layout, ProcBuffer buffer)
    {
        Leave(layout);
        Present = Find(layout, buffer);
        Columns = layout.ColumnsOf(Family);
    }

    /// <summary>Gives up the family's metrics; its columns stay reserved.</summary>
    public void Leave(MetricLayout layout)
    {
        layout.Begin(Family);
        DevicesChanged = false;
        Present = false;
        Columns = [];
        Due = double.NegativeInfinity;
    }

    protected abstract bool Find(MetricLayout layout, ProcBuffer buffer);

    /// <param name="row">One number per column of the catalog, NaN on entry where the family has its columns.</param>
    /// <param name="now">Monotonic time in seconds.</param>
    public abstract void Sample(Span<float> row, double now, ProcBuffer buffer);

    public virtual void Dispose() { }

    protected static void Set(Span<float> row, int column, double value)
    {
        if ((uint)column < (uint)row.Length) row[column] = (float)value;
    }
}
