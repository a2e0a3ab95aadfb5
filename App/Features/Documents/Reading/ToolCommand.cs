namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>One run of an external tool: arguments go to the program as they are, no shell reads them.</summary>
/// <param name="Program">Bare name (searched in the system's folders, never in PATH of the portal) or absolute path.</param>
/// <param name="Folder">Private working folder; the only place the tool may write to.</param>
public sealed record ToolCommand(string Program, IReadOnlyList<string> Arguments, WorkFolder Folder)
{
    /// <summary>Absolute paths outside the working folder that the tool reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    public ToolLimits Limits { get; init; } = new();
}
