using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Settings;
using Microsoft.Extensions.Configuration;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class MonitorOptionsTests
{
    [Fact]
    public void Bind_FamiliesByAnyCase_AreSwitchedOff()
    {
        var options = Bind(("Monitor:Families:temperature", "false"), ("Monitor:Families:Processes", "false"), ("Monitor:Families:Disk", "true"));
        options.Collects(MetricFamily.Temperature).ShouldBeFalse();
        options.Collects(MonitorOptions.Processes).ShouldBeFalse();
        options.Collects(MetricFamily.Disk).ShouldBeTrue();
        options.Collects(MetricFamily.Cpu).ShouldBeTrue();
    }

    [Fact]
    public void Validate_UnknownFamily_NamesItAndThoseThereAre()
    {
        var configuration = Configuration(("Monitor:Families:Teperature", "false"));
        var failures = new SettingsSection<MonitorOptions>(MonitorOptions.Section).Check(configuration, new Nothing(configuration));
        var failure = failures.ShouldHaveSingleItem();
        failure.Key.ShouldBe("Monitor:Families:Teperature");
        failure.Arguments[0].ShouldContain("no family called 'Teperature'");
        failure.Arguments[0].ShouldContain("Temperature, System, Application, Processes");
    }

    [Fact]
    public void Validate_PaceOutOfRange_IsRefused()
    {
        var configuration = Configuration(("Monitor:SlowSeconds", "0"));
        new SettingsSection<MonitorOptions>(MonitorOptions.Section).Check(configuration, new Nothing(configuration)).ShouldHaveSingleItem().Key.ShouldBe("Monitor:SlowSeconds");
    }

    private static MonitorOptions Bind(params (string Key, string Value)[] values)
    {
        var options = new MonitorOptions();
        Configuration(values).GetSection(MonitorOptions.Section).Bind(options);
        return options;
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    private sealed class Nothing(IConfiguration configuration) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(IEnumerable<Microsoft.Extensions.Options.IValidateOptions<MonitorOptions>>)
                ? new[] { new SectionValidator<MonitorOptions>(MonitorOptions.Section, configuration) }
                : null;
    }
}
