namespace BlazorAdmin.Features.Monitor;

/// <summary>Group of metrics that come from one source and are shown together.</summary>
public enum MetricFamily
{
    Cpu,
    Load,
    Memory,
    ContainerMemory,
    Disk,
    Network,
    Collector,
}
