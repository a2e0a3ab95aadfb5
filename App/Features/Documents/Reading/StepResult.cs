namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What a step ended with: an output when <see cref="Outcome"/> is Ready; a reason otherwise, and what was found until then.</summary>
public sealed record StepResult<T>(ReadOutcome Outcome, T? Output, ReadReason? Reason)
    where T : class
{
    public static StepResult<T> Ready(T output) => new(ReadOutcome.Ready, output, null);

    public static StepResult<T> Ended(ReadOutcome outcome, string reason, params string[] arguments) => new(outcome, null, new ReadReason(reason, arguments));
}
