using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// The external tools of this node: prepared once (leftovers of a crash ended, strictest isolation found), their versions asked
/// again from time to time.
/// </summary>
public sealed class ReadingTools(DataDirectory data, NodeInfo node, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<ReadingTools> log) : IDisposable
{
    private static readonly TimeSpan ReportLifetime = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _once = new(1, 1);
    private (ProcessRunner Runner, ToolChain Chain)? _prepared;
    private (EngineReport Report, long At, string Languages)? _report;

    /// <summary>Working folders of this node only: whatever stands there at start was left by a crash.</summary>
    public string WorkRoot { get; } = Path.Combine(data.Work, "documents", node.Name);

    public async Task<IProcessRunner> Runner(CancellationToken cancel) => (await Prepare(cancel)).Runner;

    public async Task<EngineReport> Report(CancellationToken cancel)
    {
        var (runner, chain) = await Prepare(cancel);
        var languages = options.CurrentValue.Languages;
        await _once.WaitAsync(cancel);
        try
        {
            if (_report is not { } known || known.Languages != languages || time.GetElapsedTime(known.At) > ReportLifetime)
                _report = known = (await new EngineProbe(runner, chain).Report(WorkRoot, languages, cancel), time.GetTimestamp(), languages);
            return known.Report;
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<(ProcessRunner Runner, ToolChain Chain)> Prepare(CancellationToken cancel)
    {
        await _once.WaitAsync(cancel);
        try
        {
            if (_prepared is { } ready) return ready;
            var marker = StepMarker.ForThisProcess(data.Path, node.Name);
            if (LeftoverProcesses.EndAll(marker) is > 0 and var ended) DocumentsLog.LeftoversEnded(log, ended);
            if (WorkFolder.RemoveLeftovers(WorkRoot, TimeSpan.Zero, time) is > 0 and var removed) DocumentsLog.FoldersRemoved(log, removed);
            var made = await ProcessRunner.Create(marker, WorkRoot, time, cancel);
            DocumentsLog.ToolsReady(log, made.Chain.Level, made.Chain.HasLimits);
            _prepared = made;
            return made;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();
}
