namespace BlazorAdmin.Features.Health;

/// <summary>The checks of one node ran.</summary>
public sealed record HealthChanged(string Node);
