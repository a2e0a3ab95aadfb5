namespace BlazorAdmin.Shell;

/// <summary>A card that a slice offers for the dashboard.</summary>
/// <param name="Id">Stable id, for instance <c>jobs.failed</c>; layouts of people refer to it.</param>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="TitleKey">Key of the title in those texts.</param>
/// <param name="Component">The component that fills the card; one with <paramref name="Settings"/> has a parameter <c>Settings</c> of type <see cref="WidgetSettings"/>.</param>
/// <param name="Permission">Who may have it; null for everybody signed in.</param>
/// <param name="Width">Columns of twelve in the default layout.</param>
/// <param name="Order">Place in the default layout; what needs attention comes first.</param>
public sealed record DashboardWidget(string Id, Type Texts, string TitleKey, Type Component, string? Permission, int Width, int Order)
{
    /// <summary>Key of the sentence that the gallery shows; null for none.</summary>
    public string? DescriptionKey { get; init; }

    /// <summary>Rows of the grid in the default layout. A card grows beyond them rather than cut its content.</summary>
    public int Height { get; init; } = 4;

    /// <summary>Fewest columns in which it can be read.</summary>
    public int LeastWidth { get; init; } = 2;

    /// <summary>Fewest rows.</summary>
    public int LeastHeight { get; init; } = 2;

    /// <summary>Says whether the card has anything to show at the moment; null: always. Asked for every dashboard that opens, so it must come from memory.</summary>
    public Func<IServiceProvider, bool>? IsWanted { get; init; }

    /// <summary>What a person can choose for each card of this kind.</summary>
    public IReadOnlyList<WidgetSetting> Settings { get; init; } = [];
}
