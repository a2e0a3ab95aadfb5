using System.Collections.Concurrent;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>Notes the steps of a run in memory; nothing is found again.</summary>
internal sealed class ConverterJournal : IReadingJournal
{
    private readonly ConcurrentQueue<ConverterStep> _steps = new();

    public string? Engine { get; private set; }

    public IReadOnlyList<ConverterStep> Steps =>
        [.. _steps.GroupBy(step => step.Name).Select(group => new ConverterStep(group.Key, group.Count(), group.Select(step => step.Outcome).FirstOrDefault(outcome => outcome != ReadOutcome.Ready), TimeSpan.FromTicks(group.Sum(step => step.Duration.Ticks))))];

    public Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel) where T : class => Task.FromResult<StepResult<T>?>(null);

    public Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel) where T : class
    {
        _steps.Enqueue(new ConverterStep(record.Step, 1, result.Outcome, record.Duration));
        if (result.Output is Conversion conversion) Engine = conversion.Engine;
        return Task.CompletedTask;
    }
}
