namespace BlazorAdmin.Shell;

public enum NavigationGroup
{
    None,
    People,
    Content,
    Operations,
    Administration,
}

/// <summary>A tab of the navigation and of the command palette.</summary>
/// <param name="Route">As in the product's list of routes, for instance <c>/admin/jobs</c>.</param>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="TitleKey">Key of the title in those texts.</param>
/// <param name="Icon">Name of an icon of <c>Shell/Controls/Icon</c>.</param>
/// <param name="Permission">Who sees it; null for everybody signed in.</param>
/// <param name="Order">Place within the group.</param>
public sealed record NavigationEntry(string Route, Type Texts, string TitleKey, NavigationGroup Group, string Icon, string? Permission, int Order)
{
    /// <summary>A scoped or singleton service that implements <see cref="INavigationBadge"/>, or null.</summary>
    public Type? Badge { get; init; }
}

/// <summary>The live number beside a navigation entry.</summary>
public interface INavigationBadge
{
    /// <summary>The number now; 0 shows nothing. Must be cheap: it is asked for every open page.</summary>
    ValueTask<int> CountAsync(CancellationToken cancellation);

    /// <summary>True if the number needs a person (red), false if it only informs.</summary>
    bool NeedsAttention { get; }

    /// <summary>Calls <paramref name="changed"/> when the number may have changed, until disposed.</summary>
    IDisposable Subscribe(Action changed);
}
