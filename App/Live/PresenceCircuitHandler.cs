using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAdmin.Live;

/// <summary>Reports one circuit's life to <see cref="PresenceTracker"/>, and to its page whether anybody can see it.</summary>
public sealed class PresenceCircuitHandler(PresenceTracker tracker, CurrentCaller current, NavigationManager navigation, PageVisibility visibility) : CircuitHandler, IDisposable
{
    private readonly Guid _id = Guid.NewGuid();

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // Whoever looks at the portal as somebody else does not make them present.
        if (await current.GetAsync(cancellationToken) is not { UserId: { } user, ImpersonatorId: null } caller) return;
        tracker.Open(_id, caller.TenantId, user, caller.SessionId, PathOf(navigation.Uri));
        navigation.LocationChanged += OnMoved;
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        visibility.SetConnected(true);
        tracker.SetConnected(_id, true);
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        visibility.SetConnected(false);
        tracker.SetConnected(_id, false);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    private void OnMoved(object? sender, LocationChangedEventArgs moved) => tracker.Move(_id, PathOf(moved.Location));

    private string PathOf(string uri) => "/" + navigation.ToBaseRelativePath(uri).Split('?', '#')[0];

    public void Dispose()
    {
        navigation.LocationChanged -= OnMoved;
        tracker.Close(_id);
    }
}
