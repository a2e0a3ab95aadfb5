using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A widget with its title in the person's language.</summary>
public sealed record PlacedWidget(DashboardWidget Widget, string Title);

/// <summary>Which widgets a person's dashboard has. Until layouts are kept per person, a role's default follows from its permissions.</summary>
public sealed class DashboardLayout(IEnumerable<DashboardWidget> widgets, Guard guard, IStringLocalizerFactory texts)
{
    /// <summary>The widgets that the caller may have, in the order they stand on the page.</summary>
    /// <exception cref="ForbiddenException">Nobody is signed in.</exception>
    public async ValueTask<IReadOnlyList<PlacedWidget>> ReadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        return [.. widgets
            .Where(widget => widget.Permission is null || caller.May(widget.Permission))
            .OrderBy(widget => widget.Order).ThenBy(widget => widget.Id, StringComparer.Ordinal)
            .Select(widget => new PlacedWidget(widget, texts.Create(widget.Texts)[widget.TitleKey]))];
    }
}
