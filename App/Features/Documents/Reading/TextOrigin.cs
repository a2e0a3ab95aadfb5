namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Where the text of a page comes from.</summary>
public enum TextOrigin
{
    /// <summary>The file itself.</summary>
    File,

    /// <summary>Character recognition.</summary>
    Recognition,

    /// <summary>There is none.</summary>
    None,
}
