namespace BlazorAdmin.Features.Users;

/// <summary>An import began, went on or ended.</summary>
public sealed record UserImportChanged(Guid ImportId);
