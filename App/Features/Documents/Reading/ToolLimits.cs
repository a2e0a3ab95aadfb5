namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What one run of an external tool may use.</summary>
public sealed record ToolLimits
{
    public TimeSpan WallClock { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Processor time of one process of the group.</summary>
    public TimeSpan Processor { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Address space of one process of the group, in bytes.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Largest single file that the tool may write, in bytes.</summary>
    public long FileBytes { get; init; } = 256L << 20;

    /// <summary>All files of the working folder together, in bytes.</summary>
    public long FolderBytes { get; init; } = 512L << 20;

    /// <summary>Standard output, in bytes. Standard error is cut at 64 KB and never ends a run.</summary>
    public int OutputBytes { get; init; } = 64 << 20;
}
