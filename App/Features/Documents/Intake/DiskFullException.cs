namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>The disk of the files has no room for more than what is kept in reserve.</summary>
internal sealed class DiskFullException() : Exception("The disk of the files is full.");
