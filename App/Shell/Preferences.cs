using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Shell;

/// <summary>How a person wants the portal to look and speak. Null language: as the browser asks; null time zone: the browser's.</summary>
public sealed record Preferences(Theme Theme, Density Density, string? Language, string? TimeZone)
{
    public static Preferences Default { get; } = new(Theme.System, Density.Normal, null, null);

    /// <summary>Value of html[data-theme].</summary>
    public string ThemeName => Theme.ToString().ToLowerInvariant();

    /// <summary>Value of html[data-density].</summary>
    public string DensityName => Density.ToString().ToLowerInvariant();
}
