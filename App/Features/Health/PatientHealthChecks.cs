using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Health;

/// <summary>
/// Runs the registered checks, each on its own and with a time-out: one that hangs delays no other. A check runs once at a time,
/// whoever asks and gives up, and its answer counts for a second: however often somebody asks, it costs no more than that. Stands
/// behind <c>/health</c> and the tab alike.
/// </summary>
public sealed class PatientHealthChecks(IServiceScopeFactory scopes, IOptions<HealthCheckServiceOptions> checks, IOptionsMonitor<HealthOptions> options, TimeProvider time, ILogger<PatientHealthChecks> log)
    : HealthCheckService
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Flight> _flights = [];
    private readonly Lock _lock = new();

    /// <summary>Names of the registered checks.</summary>
    public IReadOnlyList<string> Names { get; } = [.. checks.Value.Registrations.Select(r => r.Name).Order(StringComparer.Ordinal)];

    public override async Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        var chosen = checks.Value.Registrations.Where(r => predicate is null || predicate(r)).ToList();
        var entries = await Task.WhenAll(chosen.Select(r => RunAsync(r, cancellationToken)));
        return new HealthReport(chosen.Zip(entries).ToDictionary(pair => pair.First.Name, pair => pair.Second), time.GetElapsedTime(began));
    }

    // The run belongs to nobody who asks: they only wait for it.
    private async Task<HealthReportEntry> RunAsync(HealthCheckRegistration registration, CancellationToken cancellation)
    {
        Flight flight;
        lock (_lock)
        {
            if (_flights.GetValueOrDefault(registration.Name) is { } last)
            {
                if (last.Answer.IsCompleted && !last.Run.IsCompleted)
                    return Entry(registration, HealthStatus.Unhealthy, $"It has not answered for {time.GetElapsedTime(last.Began).TotalSeconds:0} s.", time.GetTimestamp());
                flight = IsUsable(last) ? last : Start(registration);
            }
            else
            {
                flight = Start(registration);
            }

            _flights[registration.Name] = flight;
        }

        return (await flight.Answer.WaitAsync(cancellation)).Entry;
    }

    // A check that was given up and has ended since is asked again at once.
    private bool IsUsable(Flight last) =>
        !last.Answer.IsCompleted || (last.Answer.IsCompletedSuccessfully && !last.Answer.Result.IsGivenUp && time.GetElapsedTime(last.Answer.Result.At) < Fresh);

    private Flight Start(HealthCheckRegistration registration)
    {
        var (began, ending) = (time.GetTimestamp(), new CancellationTokenSource());
        // On the pool: a check that blocks its thread blocks nobody's.
        var run = Task.Run(() => AskAsync(registration, ending.Token), CancellationToken.None);
        return new Flight(run, AnswerAsync(registration, run, ending, began), began);
    }

    private async Task<Answer> AnswerAsync(HealthCheckRegistration registration, Task<HealthCheckResult> run, CancellationTokenSource ending, long began)
    {
        using var own = ending;
        var patience = TimeSpan.FromSeconds(options.CurrentValue.TimeoutSeconds);
        try
        {
            var result = await run.WaitAsync(patience, time);
            return new Answer(new HealthReportEntry(result.Status, result.Description, time.GetElapsedTime(began), result.Exception, result.Data, registration.Tags), time.GetTimestamp(), IsGivenUp: false);
        }
        catch (TimeoutException)
        {
            await ending.CancelAsync();
            HealthLog.Hangs(log, registration.Name, patience.TotalSeconds);
            return new Answer(Entry(registration, HealthStatus.Unhealthy, $"It did not answer within {patience.TotalSeconds:0} s.", began), time.GetTimestamp(), IsGivenUp: true);
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

    /// <summary>One run of a check, and what is told of it when it has answered or its time is up.</summary>
    private sealed record Flight(Task<HealthCheckResult> Run, Task<Answer> Answer, long Began);

    private sealed record Answer(HealthReportEntry Entry, long At, bool IsGivenUp);
}
