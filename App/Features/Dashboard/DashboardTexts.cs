namespace BlazorAdmin.Features.Dashboard;

/// <summary>Marker of the slice's texts.</summary>
public sealed class DashboardTexts;
