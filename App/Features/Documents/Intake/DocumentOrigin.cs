namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>How a document came in.</summary>
public enum DocumentOrigin
{
    Upload,

    /// <summary>A folder that the server watches.</summary>
    Folder,

    /// <summary>Attached to another document.</summary>
    Attachment,
}
