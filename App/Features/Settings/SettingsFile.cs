namespace BlazorAdmin.Features.Settings;

/// <summary>A watched file of settings.</summary>
/// <param name="Name">Relative to the portal's folder where it lies below it.</param>
/// <param name="Values">Values of it that are in force, also the last good ones of a file that is refused.</param>
/// <param name="Problem">Why its content is refused; null if it is applied.</param>
public sealed record SettingsFile(string Name, long Bytes, DateTimeOffset WrittenAt, int Values, SettingsProblem? Problem);
