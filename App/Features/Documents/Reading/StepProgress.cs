namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Percent">0 to 100 over the whole reading.</param>
/// <param name="Message">What is happening, as key and arguments.</param>
public sealed record StepProgress(double Percent, ReadReason Message);
