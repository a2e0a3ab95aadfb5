namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Part">What of the document the step worked on: empty for all, a page number for one page.</param>
/// <param name="Input">The step's input as JSON.</param>
public sealed record StepRecord(string Step, string Version, string Part, string Input, DateTimeOffset StartedAt, TimeSpan Duration);
