using BlazorAdmin.Live;
using Microsoft.Extensions.Primitives;

namespace BlazorAdmin.Features.Settings;

/// <summary>Tells the pages when what they show may have changed: a value of any layer, the history, what is refused.</summary>
public sealed class SettingsFollower(IConfiguration configuration, SettingsStatus status, Topic<SettingsChanged> changes)
{
    /// <summary>Calls <paramref name="changed"/> on any thread until disposed.</summary>
    public IDisposable Subscribe(Action changed) =>
        new Subscriptions(ChangeToken.OnChange(configuration.GetReloadToken, changed), status.Subscribe(changed), changes.Subscribe(_ => changed(), changed));

    private sealed class Subscriptions(params IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all) one.Dispose();
        }
    }
}
