namespace BlazorAdmin.Features.Jobs;

/// <summary>Marker of the slice's texts.</summary>
public sealed class JobsTexts;
