using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>The state of one registered component.</summary>
/// <param name="Description">The component's own words; null if there is nothing to say.</param>
public sealed record ComponentState(string Name, HealthStatus Status, string? Description);

/// <summary>Runs the registered health checks for all open dashboards together, at most once in ten seconds. Whoever asks has authorised.</summary>
public sealed class ComponentHealth(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<ComponentState>>? _reading;
    private long _readAt;

    /// <summary>The worst first, then by name.</summary>
    public Task<IReadOnlyList<ComponentState>> ReadAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_reading is null || _reading.IsFaulted || time.GetElapsedTime(_readAt) >= Lifetime)
            {
                _readAt = time.GetTimestamp();
                // Shared by several pages: none of them may cancel it.
                _reading = CheckAsync();
            }

            return _reading.WaitAsync(cancellation);
        }
    }

    private async Task<IReadOnlyList<ComponentState>> CheckAsync()
    {
        var report = await checks.CheckHealthAsync();
        return [.. report.Entries.OrderBy(entry => entry.Value.Status).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new ComponentState(entry.Key, entry.Value.Status, entry.Value.Description))];
    }
}
