namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>How a run of an external tool ended.</summary>
public enum ToolEnd
{
    /// <summary>By itself; the exit code tells the rest.</summary>
    Exited,
    TimedOut,
    OutOfMemory,
    OutputTooLarge,

    /// <summary>The program is not installed or could not be started.</summary>
    NotStarted,
}
