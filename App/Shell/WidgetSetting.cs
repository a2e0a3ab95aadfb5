using System.Globalization;

namespace BlazorAdmin.Shell;

public enum WidgetSettingKind
{
    /// <summary>One of a few options.</summary>
    Choice,

    /// <summary>A whole number within bounds.</summary>
    Number,

    /// <summary>On or off.</summary>
    Toggle,
}

/// <summary>An option of a choice.</summary>
/// <param name="Value">What is kept.</param>
/// <param name="LabelKey">Key in the widget's texts.</param>
/// <param name="Argument">Stands for {0} in the text, or null.</param>
public sealed record WidgetOption(string Value, string LabelKey, object? Argument = null);

/// <summary>One thing that a person chooses for a dashboard card, with what it may be. Values are kept as text, in the invariant culture.</summary>
/// <param name="Key">Name under which the value is kept.</param>
/// <param name="LabelKey">Key of the label in the widget's texts.</param>
/// <param name="Default">Value of a card for which nothing was chosen.</param>
public sealed record WidgetSetting(string Key, string LabelKey, WidgetSettingKind Kind, string Default)
{
    public const string On = "true";
    public const string Off = "false";

    public IReadOnlyList<WidgetOption> Options { get; private init; } = [];

    /// <summary>Smallest number allowed.</summary>
    public int Least { get; private init; }

    /// <summary>Largest number allowed.</summary>
    public int Most { get; private init; }

    /// <param name="key">Name under which the value is kept.</param>
    /// <param name="labelKey">Key of the label in the widget's texts.</param>
    /// <param name="options">The first one is the default.</param>
    public static WidgetSetting Choice(string key, string labelKey, params WidgetOption[] options) => new(key, labelKey, WidgetSettingKind.Choice, options[0].Value) { Options = options };

    public static WidgetSetting Number(string key, string labelKey, int least, int most, int usual) =>
        new(key, labelKey, WidgetSettingKind.Number, usual.ToString(CultureInfo.InvariantCulture)) { Least = least, Most = most };

    /// <summary>Off by default.</summary>
    public static WidgetSetting Toggle(string key, string labelKey) => new(key, labelKey, WidgetSettingKind.Toggle, Off);

    /// <summary>The value as it is kept, or null if it is not allowed.</summary>
    public string? Accept(string? value) => Kind switch
    {
        WidgetSettingKind.Choice => Options.Any(option => option.Value == value) ? value : null,
        WidgetSettingKind.Number => int.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            && number >= Least && number <= Most ? number.ToString(CultureInfo.InvariantCulture) : null,
        _ => value is On or Off ? value : null,
    };
}
