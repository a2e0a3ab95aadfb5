using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Shell;

/// <summary>What somebody chose for themselves, or a role for its people; null: nothing, so that what comes behind holds.</summary>
public sealed record OwnPreferences(Theme? Theme, Density? Density, string? Language, string? TimeZone)
{
    public static OwnPreferences None { get; } = new(null, null, null, null);

    /// <summary>These, and <paramref name="behind"/> where they say nothing.</summary>
    public OwnPreferences Over(OwnPreferences behind) => new(Theme ?? behind.Theme, Density ?? behind.Density, Language ?? behind.Language, TimeZone ?? behind.TimeZone);

    /// <summary>What holds: where nothing is said, the portal's own.</summary>
    public Preferences Effective => new(Theme ?? Preferences.Default.Theme, Density ?? Preferences.Default.Density, Language, TimeZone);
}
