using System.Globalization;

namespace BlazorAdmin.Shell;

/// <summary>What is chosen for one dashboard card: an allowed value for each of the widget's settings. Equal if the same widget has the same values.</summary>
public sealed class WidgetSettings
{
    private readonly DashboardWidget _widget;
    private readonly IReadOnlyDictionary<string, string> _chosen;

    private WidgetSettings(DashboardWidget widget, IReadOnlyDictionary<string, string> chosen) => (_widget, _chosen) = (widget, chosen);

    /// <summary>Only what differs from the defaults.</summary>
    public IReadOnlyDictionary<string, string> Chosen => _chosen;

    /// <exception cref="KeyNotFoundException">The widget has no such setting.</exception>
    public string this[string key] => _chosen.TryGetValue(key, out var value) ? value : Setting(key).Default;

    /// <summary>Keeps what the widget knows and allows; anything else in <paramref name="stored"/> falls back to the default.</summary>
    public static WidgetSettings Of(DashboardWidget widget, IReadOnlyDictionary<string, string>? stored)
    {
        var chosen = new Dictionary<string, string>();
        foreach (var setting in widget.Settings)
            if (stored is not null && stored.TryGetValue(setting.Key, out var value) && setting.Accept(value) is { } accepted && accepted != setting.Default)
                chosen[setting.Key] = accepted;
        return new WidgetSettings(widget, chosen);
    }

    /// <summary>Value of a number, or of a choice among numbers.</summary>
    public int Number(string key) => int.Parse(this[key], CultureInfo.InvariantCulture);

    /// <summary>Whether a toggle is on.</summary>
    public bool IsOn(string key) => this[key] == WidgetSetting.On;

    public override bool Equals(object? other) =>
        other is WidgetSettings settings && settings._widget.Id == _widget.Id && settings._chosen.Count == _chosen.Count
        && _chosen.All(pair => settings._chosen.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public override int GetHashCode() => HashCode.Combine(_widget.Id, _chosen.Count);

    private WidgetSetting Setting(string key) => _widget.Settings.FirstOrDefault(setting => setting.Key == key) ?? throw new KeyNotFoundException($"{_widget.Id} has no setting {key}.");
}
