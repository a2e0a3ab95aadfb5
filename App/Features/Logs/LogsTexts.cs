namespace BlazorAdmin.Features.Logs;

/// <summary>Texts of the Logs tab.</summary>
public sealed class LogsTexts;
