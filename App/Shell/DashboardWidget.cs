namespace BlazorAdmin.Shell;

/// <summary>A card that a slice offers for the dashboard.</summary>
/// <param name="Id">Stable id, for instance <c>jobs.failed</c>.</param>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="TitleKey">Key of the title in those texts.</param>
/// <param name="Component">The component that fills the card.</param>
/// <param name="Permission">Who may have it; null for everybody signed in.</param>
/// <param name="Width">Columns of twelve in the default layout.</param>
/// <param name="Order">Place in the default layout; what needs attention comes first.</param>
public sealed record DashboardWidget(string Id, Type Texts, string TitleKey, Type Component, string? Permission, int Width, int Order);
