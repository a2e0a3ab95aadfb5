using System.Diagnostics.Metrics;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Readings of documents as instruments, named after the conventions of OpenTelemetry.</summary>
internal static class ReadingMeter
{
    public const string Name = "BlazorAdmin.Documents";
    public const string ReadingDuration = "blazoradmin.documents.reading.duration";

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Readings = Meter.CreateHistogram<double>(ReadingDuration, "s", "Duration of readings of documents.");

    /// <summary>Records a reading that came to an outcome.</summary>
    public static void Read(ReadOutcome outcome, TimeSpan duration)
    {
        if (!Readings.Enabled) return;
        if (outcome is ReadOutcome.Failed or ReadOutcome.TimedOut) Readings.Record(duration.TotalSeconds, new("outcome", outcome.ToString()), new("error.type", outcome.ToString()));
        else Readings.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
    }
}
