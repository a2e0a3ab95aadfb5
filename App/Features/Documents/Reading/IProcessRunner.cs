namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Runs external tools under limits. The seam between the reading steps and the operating system.</summary>
public interface IProcessRunner
{
    /// <summary>Runs the tool to its end. Whatever the end, no process of the run is left when this returns.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the whole process group is gone within 5 s.</exception>
    Task<ToolResult> Run(ToolCommand command, CancellationToken cancel);
}
