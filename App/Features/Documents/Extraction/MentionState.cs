namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What people said of a mention.</summary>
public enum MentionState
{
    /// <summary>Nothing yet; found anew with every extraction.</summary>
    Found,
    Confirmed,

    /// <summary>It is none; not found again.</summary>
    Rejected,

    /// <summary>Somebody marked it where nothing was found.</summary>
    Added,
}
