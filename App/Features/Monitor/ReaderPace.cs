namespace BlazorAdmin.Features.Monitor;

/// <summary>How often a family is read. Between two readings its last values stand.</summary>
internal enum ReaderPace
{
    EverySample,
    /// <summary>Once a second: the source changes no faster, or reading it costs more than it says.</summary>
    Second,
    /// <summary>At <see cref="MonitorOptions.SlowSeconds"/>: sources that are expensive or hardly move.</summary>
    Slow,
}
