using System.Buffers;
using System.Text;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Export;

namespace BlazorAdmin.Tests.Features.Monitor.Export;

public sealed class PrometheusWriterTests
{
    [Fact]
    public void Sample_LabelWithQuotesAndLines_IsEscaped() =>
        Written(w => w.Sample("a", "b", "x\\y\"z\nw", 1)).ShouldBe("a{b=\"x\\\\y\\\"z\\nw\"} 1\n");

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(1e20, "1E+20")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Sample_Number_IsInvariant(double value, string expected) => Written(w => w.Sample("a", value)).ShouldBe($"a {expected}\n");

    [Fact]
    public void Family_Counter_IsNamedWithoutItsEndInOpenMetricsOnly()
    {
        Written(w => w.Family("a_total", "Help \\ and\nline.", PrometheusType.Counter)).ShouldBe("# HELP a_total Help \\\\ and\\nline.\n# TYPE a_total counter\n");
        Written(w => w.Family("a_total", "Help.", PrometheusType.Counter), isOpenMetrics: true).ShouldBe("# HELP a Help.\n# TYPE a counter\n");
    }

    [Theory]
    [InlineData("cpu.core.3", "3", MetricFamily.Cpu, MetricKind.Percent, "blazoradmin_cpu_busy_ratio", "core", 0.01f)]
    [InlineData("cpu.total", null, MetricFamily.Cpu, MetricKind.Percent, "blazoradmin_cpu_utilization_ratio", null, 0.01f)]
    [InlineData("net.eth0.100.rx", "eth0.100", MetricFamily.Network, MetricKind.BytesPerSecond, "blazoradmin_network_receive_bytes_per_second", "interface", 1f)]
    [InlineData("load.15", "15", MetricFamily.Load, MetricKind.Load, "blazoradmin_load_average", "minutes", 1f)]
    [InlineData("new-thing.x.total", "x", MetricFamily.Disk, MetricKind.Bytes, "blazoradmin_new_thing_total_all_bytes", "device", 1f)]
    public void ExportedMetric_OfKey_HasBaseUnitAndLabel(string key, string? device, MetricFamily family, MetricKind kind, string name, string? label, float factor)
    {
        var exported = ExportedMetric.Of(new Metric(0, key, family, device, kind));

        (exported.Name, exported.Label, exported.LabelValue, exported.Factor).ShouldBe((name, label, label is null ? null : device, factor));
    }

    private static string Written(Action<PrometheusWriter> write, bool isOpenMetrics = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new PrometheusWriter(buffer, isOpenMetrics));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
