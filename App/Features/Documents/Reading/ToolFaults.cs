namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Gives every way an external tool can end a named state.</summary>
internal static class ToolFaults
{
    /// <param name="otherwise">State for an ordinary exit with an error code.</param>
    /// <returns>Null when the tool succeeded.</returns>
    public static (ReadOutcome Outcome, ReadReason Reason)? Of(ToolResult result, string tool, ReadOutcome otherwise, string reason) => result switch
    {
        { Succeeded: true } => null,
        { End: ToolEnd.TimedOut } => (ReadOutcome.TimedOut, new ReadReason("ToolTimedOut", tool)),
        { End: ToolEnd.OutOfMemory } => (ReadOutcome.TooLarge, new ReadReason("ToolOutOfMemory", tool)),
        { End: ToolEnd.OutputTooLarge } => (ReadOutcome.TooLarge, new ReadReason("ToolOutputTooLarge", tool)),
        { End: ToolEnd.NotStarted } when EngineProbe.PackageOf(tool) is { } package => (ReadOutcome.Failed, new ReadReason("ToolMissingPackage", tool, package)),
        { End: ToolEnd.NotStarted } => (ReadOutcome.Failed, new ReadReason("ToolMissing", tool)),
        _ => (otherwise, new ReadReason(reason)),
    };
}
