namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>Why there is a list, or none.</summary>
public enum ProcessAnswer
{
    /// <summary>The machine has no process folder.</summary>
    Absent,

    /// <summary>Switched off in the settings.</summary>
    Off,

    /// <summary>Watching has just begun.</summary>
    Starting,
    Ready,
}

/// <summary>A process where it stands in the list.</summary>
/// <param name="Depth">Steps from the root of a tree; 0 in a flat list.</param>
/// <param name="Handles">Open files and sockets; null where the portal may not know or it is not counted.</param>
public sealed record ProcessLine(ProcessRow Process, int Depth, int? Handles = null);

/// <summary>What a person sees of the processes.</summary>
/// <param name="Lines">Those shown.</param>
/// <param name="Matching">Those that fit the search.</param>
/// <param name="Total">Those of the machine.</param>
public sealed record ProcessList(ProcessAnswer Answer, IReadOnlyList<ProcessLine> Lines, int Matching, int Total);
