using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>At start removes what a crash left of this node's runs; from then on results whose time is over.</summary>
internal sealed class ConverterCleanUp(ConverterRuns runs, DatabaseState database, TimeProvider time, ILogger<ConverterCleanUp> log) : PeriodicService(database, TimeSpan.FromMinutes(1), time)
{
    private bool _isClean;

    protected override Task TickAsync(CancellationToken cancellation)
    {
        // Once, and only while no run of this process stands there.
        if (!_isClean && runs.Count == 0) WorkFolder.RemoveLeftovers(runs.WorkRoot, TimeSpan.Zero, Time);
        _isClean = true;
        runs.RemoveOld();
        return Task.CompletedTask;
    }

    protected override void Report(Exception exception) => ConverterLog.CleanUpFailed(log, exception);
}
