namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What came of a correction.</summary>
public enum CorrectionResult
{
    Done,

    /// <summary>There is no such thing, or it is not the caller's to change.</summary>
    NotFound,

    /// <summary>Somebody else changed it since the caller saw it.</summary>
    Conflict,

    /// <summary>The words do not stand in the page.</summary>
    TextNotThere,

    /// <summary>Longer than the portal keeps, or empty.</summary>
    WrongLength,

    /// <summary>The name of a kind is missing or too long.</summary>
    WrongKind,
}
