using System.Globalization;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Settings;

/// <summary>Switches the maintenance mode: one batch of settings with what the banner says. It wants <see cref="SettingsPermissions.Manage"/>.</summary>
public sealed class MaintenanceMode(SettingsService settings)
{
    public static bool IsOnIn(IEnumerable<SettingValue> values) => values.Any(v => v.Key == KeyOf(nameof(MaintenanceOptions.ReadOnly)) && bool.TryParse(v.Value, out var on) && on);

    /// <param name="message">What the banner says beside; null: nothing more.</param>
    /// <param name="until">When it is expected to be over; null: not announced.</param>
    public async Task<SettingOutcome> BeginAsync(string? message, DateTimeOffset? until, string reason, CancellationToken cancellation = default)
    {
        var text = string.IsNullOrWhiteSpace(message) ? null : message.Trim();
        return await ApplyAsync(true, text, until?.ToString("O", CultureInfo.InvariantCulture), reason, cancellation);
    }

    /// <summary>What the banner said goes with it.</summary>
    public Task<SettingOutcome> EndAsync(string reason, CancellationToken cancellation = default) => ApplyAsync(false, null, null, reason, cancellation);

    private async Task<SettingOutcome> ApplyAsync(bool on, string? message, string? until, string reason, CancellationToken cancellation)
    {
        var values = (await settings.ReadAsync(cancellation)).Where(v => v.Section == MaintenanceOptions.Section).ToDictionary(v => v.Key);
        var edits = new List<SettingEdit> { new(KeyOf(nameof(MaintenanceOptions.ReadOnly)), on ? "true" : "false") };
        foreach (var (name, value) in new[] { (nameof(MaintenanceOptions.Message), message), (nameof(MaintenanceOptions.Until), until) })
            if (value is not null || values[KeyOf(name)].IsOverridden) edits.Add(new SettingEdit(KeyOf(name), value));
        return await settings.ApplyAsync(edits, reason, cancellation: cancellation);
    }

    private static string KeyOf(string name) => $"{MaintenanceOptions.Section}:{name}";
}
