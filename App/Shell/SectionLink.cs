using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace BlazorAdmin.Shell;

/// <summary>A link of the navigation: current on its page and those below it, but for pages below that have a link of their own.</summary>
public sealed class SectionLink : NavLink
{
    /// <summary>Routes of the other links, relative to the base address.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<string> Others { get; set; }

    /// <summary>Its own route among them.</summary>
    [Parameter, EditorRequired] public required string Route { get; set; }

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    protected override bool ShouldMatch(string uriAbsolute)
    {
        if (!base.ShouldMatch(uriAbsolute)) return false;
        var path = Navigation.ToBaseRelativePath(uriAbsolute).Split('?', '#')[0];
        return !Others.Any(other => other.Length > Route.Length && other.StartsWith(Route + "/", StringComparison.Ordinal) && (path == other || path.StartsWith(other + "/", StringComparison.Ordinal)));
    }
}
