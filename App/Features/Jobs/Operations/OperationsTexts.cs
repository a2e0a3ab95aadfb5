namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Marker of the texts of the pages that steer the engine.</summary>
public sealed class OperationsTexts;
