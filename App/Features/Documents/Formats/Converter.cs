using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>One way to turn a file into pages of text; it ends in a named outcome whatever the file holds.</summary>
internal sealed record Converter(string Name, Func<ConvertInput, StepContext, CancellationToken, Task<StepResult<Conversion>>> Convert);
