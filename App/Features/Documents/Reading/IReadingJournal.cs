namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Keeps what steps have put out, so that a reading that was cut off goes on after the last recorded step.</summary>
public interface IReadingJournal
{
    /// <summary>The recorded result, or null when this step has not ended yet (or did so in another version).</summary>
    Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel)
        where T : class;

    /// <summary>Records before the next step begins.</summary>
    Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel)
        where T : class;
}
