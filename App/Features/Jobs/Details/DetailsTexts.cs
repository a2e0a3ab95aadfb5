namespace BlazorAdmin.Features.Jobs.Details;

/// <summary>Marker of the texts of a job's details.</summary>
public sealed class DetailsTexts;
