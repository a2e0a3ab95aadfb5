using BlazorAdmin.Features.Monitor.Export;

namespace BlazorAdmin.Features.Logs;

/// <summary>What became of the log's lines and of traces.</summary>
public sealed class LogMetricsSource(LogQueue queue) : IMetricsSource
{
    public void Write(PrometheusWriter writer)
    {
        Counter(writer, "blazoradmin_log_lines_written_total", "Lines of the log that are in the database.", queue.Written);
        Counter(writer, "blazoradmin_log_lines_dropped_total", "Lines of the log that were lost because the database was away or slow.", queue.Dropped);
        Counter(writer, "blazoradmin_trace_spans_dropped_total", "Steps of traces that were not kept for want of room.", queue.DroppedSpans);
    }

    private static void Counter(PrometheusWriter writer, string name, string help, double value)
    {
        writer.Family(name, help, PrometheusType.Counter);
        writer.Sample(name, value);
    }
}
