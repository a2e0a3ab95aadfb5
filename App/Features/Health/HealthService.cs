using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Health;

/// <summary>The state of this node's components for people who may see it.</summary>
public sealed class HealthService(Guard guard, HealthWatch watch)
{
    /// <summary>What the last run found; runs the checks if none has run yet.</summary>
    public async Task<IReadOnlyCollection<ComponentHealth>> ReadAsync(CancellationToken cancellation)
    {
        await guard.Require(ShellSetup.HealthRead, cancellation);
        if (watch.Components.Count == 0) await watch.RunAsync(cancellation);
        return watch.Components;
    }

    /// <summary>Runs all checks now.</summary>
    public async Task<IReadOnlyCollection<ComponentHealth>> RunAsync(CancellationToken cancellation)
    {
        await guard.Require(ShellSetup.HealthRead, cancellation);
        await watch.RunAsync(cancellation);
        return watch.Components;
    }
}
