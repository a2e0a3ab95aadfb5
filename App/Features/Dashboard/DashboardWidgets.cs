using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A card on the page: its widget with title, place and settings.</summary>
/// <param name="Key">Tells the cards of one dashboard apart.</param>
/// <param name="Title">In the person's language.</param>
public sealed record PlacedWidget(string Key, DashboardWidget Widget, string Title, GridPlace Place, WidgetSettings Settings)
{
    public BoardItem ToItem() => new(Key, Widget.Id, Place, Settings.Chosen.Count == 0 ? null : Settings.Chosen);
}

/// <summary>What the slices offer for dashboards, as one person may have it.</summary>
public sealed class DashboardWidgets(IEnumerable<DashboardWidget> widgets, IStringLocalizerFactory texts, IServiceProvider services)
{
    /// <summary>The widgets that a person may have, in the order of the default layout.</summary>
    public IEnumerable<DashboardWidget> Allowed(Caller caller) =>
        widgets.Where(widget => Allows(caller, widget)).OrderBy(widget => widget.Order).ThenByDescending(widget => widget.Width).ThenBy(widget => widget.Id, StringComparer.Ordinal);

    /// <summary>The dashboard of whoever has neither an own one nor one of a role: everything the person may have.</summary>
    public BoardLayout Default(Caller caller)
    {
        var allowed = Allowed(caller).ToList();
        var places = GridLayout.Flow(allowed.Select(widget => (widget.Width, widget.Height)));
        return new BoardLayout([.. allowed.Select((widget, i) => new BoardItem((i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), widget.Id, places[i]))]);
    }

    /// <summary>
    /// The cards of a layout in reading order. Those whose widget is gone, or not for this person, are left out and the
    /// others move up.
    /// </summary>
    /// <returns>The cards, and the items that were left out.</returns>
    public (IReadOnlyList<PlacedWidget> Shown, IReadOnlyList<BoardItem> LeftOut) Place(Caller caller, BoardLayout layout)
    {
        var known = widgets.Where(widget => Allows(caller, widget)).ToDictionary(widget => widget.Id);
        var items = layout.Items.Where(item => known.ContainsKey(item.Widget)).ToList();
        var places = GridLayout.Compact([.. items.Select(item => item.Place)]);
        return (
            [.. items.Select((item, i) => Place(item.Key, known[item.Widget], places[i], item.Settings)).OrderBy(placed => placed.Place.Y).ThenBy(placed => placed.Place.X)],
            items.Count == layout.Items.Count ? [] : [.. layout.Items.Where(item => !known.ContainsKey(item.Widget))]);
    }

    public PlacedWidget Place(string key, DashboardWidget widget, GridPlace place, IReadOnlyDictionary<string, string>? settings = null) =>
        new(key, widget, Text(widget, widget.TitleKey), place, WidgetSettings.Of(widget, settings));

    /// <summary>A text of the widget's slice.</summary>
    public string Text(DashboardWidget widget, string key, params object[] arguments) => texts.Create(widget.Texts)[key, arguments];

    private bool Allows(Caller caller, DashboardWidget widget) => (widget.Permission is null || caller.May(widget.Permission)) && widget.IsWanted?.Invoke(services) != false;
}
