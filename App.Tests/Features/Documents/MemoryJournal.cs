using System.Text.Json;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Keeps recorded steps as JSON, as the database does, so that what does not survive serialisation is seen.</summary>
internal sealed class MemoryJournal : IReadingJournal
{
    private readonly Dictionary<string, string> _recorded = [];

    public List<StepRecord> Records { get; } = [];

    public Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel)
        where T : class =>
        Task.FromResult(_recorded.TryGetValue($"{step}/{version}/{part}", out var json) ? JsonSerializer.Deserialize<StepResult<T>>(json) : null);

    public Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel)
        where T : class
    {
        Records.Add(record);
        _recorded.Add($"{record.Step}/{record.Version}/{record.Part}", JsonSerializer.Serialize(result));
        return Task.CompletedTask;
    }
}
