using System.Buffers;
using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Monitor.Export;

public enum PrometheusType
{
    Gauge,
    Counter,
}

/// <summary>
/// Writes the text formats of Prometheus (version 0.0.4) and OpenMetrics (1.0) straight into a buffer, without strings in between.
/// See prometheus.io/docs/instrumenting/exposition_formats and the OpenMetrics specification.
/// </summary>
public sealed class PrometheusWriter(IBufferWriter<byte> target, bool isOpenMetrics)
{
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string CounterEnd = "_total";
    private const int LongestNumber = 32;

    /// <summary>Begins a family; its samples follow before the next family.</summary>
    /// <param name="name">As on the samples: a counter's ends with <c>_total</c>.</param>
    /// <param name="help">One line.</param>
    public void Family(string name, string help, PrometheusType type)
    {
        // OpenMetrics names a counter's family without the end of its samples.
        var family = isOpenMetrics && type == PrometheusType.Counter && name.EndsWith(CounterEnd, StringComparison.Ordinal) ? name.AsSpan()[..^CounterEnd.Length] : name;
        Raw("# HELP ");
        Raw(family);
        Raw(" ");
        Escaped(help, quotes: isOpenMetrics);
        Raw("\n# TYPE ");
        Raw(family);
        Raw(type == PrometheusType.Counter ? " counter\n" : " gauge\n");
    }

    public void Sample(string name, double value)
    {
        Raw(name);
        Raw(" ");
        Number(value);
    }

    public void Sample(string name, string label, string labelValue, double value)
    {
        Raw(name);
        Raw("{");
        Label(label, labelValue);
        Raw("} ");
        Number(value);
    }

    public void Sample(string name, ReadOnlySpan<(string Name, string Value)> labels, double value)
    {
        Raw(name);
        for (var i = 0; i < labels.Length; i++)
        {
            Raw(i == 0 ? "{" : ",");
            Label(labels[i].Name, labels[i].Value);
        }

        Raw(labels.Length == 0 ? " " : "} ");
        Number(value);
    }

    /// <summary>A sample whose name and labels are written once for all scrapes.</summary>
    internal void Sample(ReadOnlySpan<byte> head, float value)
    {
        target.Write(head);
        var place = target.GetSpan(LongestNumber);
        value.TryFormat(place, out var written, "R", CultureInfo.InvariantCulture);
        target.Advance(written);
        Raw("\n");
    }

    /// <summary>Ends the whole text.</summary>
    public void End()
    {
        if (isOpenMetrics) Raw("# EOF\n");
    }

    /// <summary>Name and labels as they stand before a value, for <see cref="Sample(ReadOnlySpan{byte}, float)"/>.</summary>
    internal static byte[] Head(string name, string? label, string? labelValue)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new PrometheusWriter(buffer, isOpenMetrics: false);
        writer.Raw(name);
        if (label is not null)
        {
            writer.Raw("{");
            writer.Label(label, labelValue ?? "");
            writer.Raw("}");
        }

        writer.Raw(" ");
        return buffer.WrittenSpan.ToArray();
    }

    private void Label(string name, string value)
    {
        Raw(name);
        Raw("=\"");
        Escaped(value, quotes: true);
        Raw("\"");
    }

    private void Number(double value)
    {
        if (double.IsInfinity(value)) Raw(value > 0 ? "+Inf" : "-Inf");
        else
        {
            var place = target.GetSpan(LongestNumber);
            value.TryFormat(place, out var written, "R", CultureInfo.InvariantCulture);
            target.Advance(written);
        }

        Raw("\n");
    }

    private void Escaped(ReadOnlySpan<char> text, bool quotes)
    {
        var special = quotes ? "\\\n\"" : "\\\n";
        while (text.IndexOfAny(special) is >= 0 and var at)
        {
            Raw(text[..at]);
            Raw(text[at] switch { '\n' => "\\n", '"' => "\\\"", _ => "\\\\" });
            text = text[(at + 1)..];
        }

        Raw(text);
    }

    private void Raw(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, target);
}
