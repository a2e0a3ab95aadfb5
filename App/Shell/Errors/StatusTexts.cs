namespace BlazorAdmin.Shell.Errors;

/// <summary>Texts of the pages for what went wrong.</summary>
public sealed class StatusTexts;
