namespace BlazorAdmin.Features.Monitor;

/// <summary>Marker of the slice's texts.</summary>
public sealed class MonitorTexts;
