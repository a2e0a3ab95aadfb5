namespace BlazorAdmin.Features.Monitor;

/// <summary>Group of metrics that come from one source, are switched off together and are absent together. Stored by name.</summary>
public enum MetricFamily
{
    Cpu,
    Load,
    Memory,
    ContainerMemory,
    Disk,
    Network,
    /// <summary>What collecting itself costs.</summary>
    Collector,
    CpuFrequency,
    /// <summary>CPU time of the own control group and its quota.</summary>
    ContainerCpu,
    /// <summary>Traffic between memory and swap.</summary>
    Swap,
    /// <summary>Pressure stall information: the share of time in which tasks waited for a resource.</summary>
    Pressure,
    /// <summary>Room on mounted file systems.</summary>
    DiskSpace,
    Temperature,
    /// <summary>Context switches, forks, tasks and open files of the whole machine.</summary>
    System,
    /// <summary>What the portal's process measures about itself.</summary>
    Application,
}
