using System.Globalization;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Application;
using BlazorAdmin.Tests.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class MetricChartsTests
{
    [Fact]
    public void Of_Cores_AreOneChartInTheOrderOfNumbers()
    {
        var chart = Charts([("cpu.core.10", MetricFamily.Cpu, MetricKind.Percent, "10"), ("cpu.core.9", MetricFamily.Cpu, MetricKind.Percent, "9")]).ShouldHaveSingleItem();
        (chart.Id, chart.Title, chart.Group, chart.Max).ShouldBe(("cpu.cores", "CPU by core", "Cpu", 100d));
        chart.Lines.ShouldBe([("cpu.core.9", "Core 9"), ("cpu.core.10", "Core 10")]);
    }

    [Fact]
    public void Of_Devices_HaveAChartEach()
    {
        var charts = Charts([
            ("disk.total.read", MetricFamily.Disk, MetricKind.BytesPerSecond, null), ("disk.sda.read", MetricFamily.Disk, MetricKind.BytesPerSecond, "sda"), ("disk.sda.write", MetricFamily.Disk, MetricKind.BytesPerSecond, "sda"),
            ("disk.sda.busy", MetricFamily.Disk, MetricKind.Percent, "sda"), ("space./data.used", MetricFamily.DiskSpace, MetricKind.Bytes, "/data"), ("space./data.total", MetricFamily.DiskSpace, MetricKind.Bytes, "/data")]);
        charts.Select(chart => chart.Id).ShouldBe(["disk.sda", "disk.total", "disk.busy", "space./data"]);
        charts[0].Title.ShouldBe("Disk sda");
        charts[3].MaxKey.ShouldBe("space./data.total");
        charts[3].Lines.ShouldBe([("space./data.used", "Used")]);
    }

    [Fact]
    public void Of_UnknownMetric_IsShownLast()
    {
        var charts = Charts([("mail.sent", MetricFamily.Application, MetricKind.PerSecond, null), ("load.1", MetricFamily.Load, MetricKind.Load, "1")]);
        charts.Select(chart => chart.Id).ShouldBe(["load", "mail.sent"]);
        charts[1].Group.ShouldBe("Other");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Of_WholeMachineAndApplication_ShowsEveryMetricOnceUnderANameOfItsOwn(string culture)
    {
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        collector.Sample(new float[MetricCatalog.MaxColumns], 1);
        var application = new ApplicationInstruments().All.SelectMany(slot => slot.Metrics).Select(metric => (metric.Key, MetricFamily.Application, metric.Kind, (string?)null));
        var metrics = collector.Catalog.Metrics.Select(metric => (metric.Key, metric.Family, metric.Kind, metric.Device)).Concat(application).ToList();
        var charts = Charts(metrics, culture);

        var shown = charts.SelectMany(chart => chart.Lines.Select(line => line.Key)).ToList();
        shown.ShouldBeUnique();
        shown.Concat(charts.Select(chart => chart.MaxKey).OfType<string>()).Append("system.files.max").Order().ShouldBe(metrics.Select(metric => metric.Key).Append("system.files.max").Distinct().Order());
        charts.Select(chart => chart.Id).ShouldBeUnique();
        charts.ShouldAllBe(chart => chart.Lines.Count > 0 && chart.Group != "Other" && chart.Group != "Weitere");
        var kinds = metrics.ToDictionary(metric => metric.Key, metric => metric.Kind);
        charts.ShouldAllBe(chart => chart.Lines.All(line => kinds[line.Key] == chart.Kind));
        // A text that is missing comes back as its key.
        charts.SelectMany(chart => chart.Lines.Select(line => line.Label).Append(chart.Title).Append(chart.Group)).ShouldAllBe(text => !text.Contains('{') && !System.Text.RegularExpressions.Regex.IsMatch(text, "^(App|Group|State|Cpu|Pressure)[A-Z]"));
    }

    private static IReadOnlyList<MetricChart> Charts(IEnumerable<(string, MetricFamily, MetricKind, string?)> metrics, string culture = "en")
    {
        using var context = new ShellContext(culture);
        CultureInfo.CurrentUICulture.Name.ShouldBe(culture);
        return MetricCharts.Of(metrics, context.Services.GetRequiredService<IStringLocalizer<MonitorTexts>>());
    }
}
