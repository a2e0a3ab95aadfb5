using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Health;

/// <summary>
/// Runs the registered checks, each on its own and with a time-out: one that hangs delays no other and is not started a second time
/// while it hangs. Stands behind <c>/health</c> and the tab alike.
/// </summary>
public sealed class PatientHealthChecks(IServiceScopeFactory scopes, IOptions<HealthCheckServiceOptions> checks, IOptionsMonitor<HealthOptions> options, TimeProvider time, ILogger<PatientHealthChecks> log)
    : HealthCheckService
{
    private readonly ConcurrentDictionary<string, (Task<HealthCheckResult> Run, long Began)> _hanging = new();

    /// <summary>Names of the registered checks.</summary>
    public IReadOnlyList<string> Names { get; } = [.. checks.Value.Registrations.Select(r => r.Name).Order(StringComparer.Ordinal)];

    public override async Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        var chosen = checks.Value.Registrations.Where(r => predicate is null || predicate(r)).ToList();
        var entries = await Task.WhenAll(chosen.Select(r => RunAsync(r, cancellationToken)));
        return new HealthReport(chosen.Zip(entries).ToDictionary(pair => pair.First.Name, pair => pair.Second), time.GetElapsedTime(began));
    }

    private async Task<HealthReportEntry> RunAsync(HealthCheckRegistration registration, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(options.CurrentValue.TimeoutSeconds);
        if (_hanging.TryGetValue(registration.Name, out var earlier))
        {
            if (!earlier.Run.IsCompleted) return Entry(registration, HealthStatus.Unhealthy, $"It has not answered for {time.GetElapsedTime(earlier.Began).TotalSeconds:0} s.", began);
            _hanging.TryRemove(registration.Name, out _);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // On the pool: a check that blocks its thread blocks nobody's.
        var run = Task.Run(() => AskAsync(registration, ending.Token), CancellationToken.None);
        try
        {
            var result = await run.WaitAsync(patience, time, cancellation);
            return new HealthReportEntry(result.Status, result.Description, time.GetElapsedTime(began), result.Exception, result.Data, registration.Tags);
        }
        catch (TimeoutException)
        {
            await ending.CancelAsync();
            _hanging[registration.Name] = (run, began);
            HealthLog.Hangs(log, registration.Name, patience.TotalSeconds);
            return Entry(registration, HealthStatus.Unhealthy, $"It did not answer within {patience.TotalSeconds:0} s.", began);
        }
    }

    private async Task<HealthCheckResult> AskAsync(HealthCheckRegistration registration, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var check = registration.Factory(scope.ServiceProvider);
            return await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            HealthLog.Failed(log, exception, registration.Name);
            return new HealthCheckResult(registration.FailureStatus, exception.Message, exception);
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(registration.FailureStatus, "It was stopped.", exception);
        }
    }

    private HealthReportEntry Entry(HealthCheckRegistration registration, HealthStatus status, string description, long began) =>
        new(status, description, time.GetElapsedTime(began), exception: null, data: null, registration.Tags);
}
