using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Settings;

/// <summary>Files and sections of the configuration that are not applied, which wait for a person.</summary>
public sealed class SettingsBadge(SettingsStatus status) : INavigationBadge
{
    public bool NeedsAttention => true;

    public ValueTask<int> CountAsync(CancellationToken cancellation) => ValueTask.FromResult(status.Problems.Count);

    public IDisposable Subscribe(Action changed) => status.Subscribe(changed);
}
