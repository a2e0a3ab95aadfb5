namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>What is done to a drawn page before recognition.</summary>
public enum PictureTreatment
{
    None,

    /// <summary>Enlarged where it is small, and smoothed: helps photographs and compressed scans.</summary>
    Smoothed,

    /// <summary>The same after shadows and creases were evened out.</summary>
    Flattened,
}
