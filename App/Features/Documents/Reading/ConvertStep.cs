using BlazorAdmin.Features.Documents.Formats;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Turns the file into pages of text, by the converters for its type in turn; pages without text are named for recognition.</summary>
public sealed class ConvertStep : IDocumentStep<ConvertInput, Conversion>
{
    public string Name => "convert";

    public string Version => "2";

    public Task<StepResult<Conversion>> Run(ConvertInput input, StepContext context, CancellationToken cancel) => input.Inspection.Type.IsImage()
        ? Task.FromResult(Pictures(input.Inspection.Pages ?? 1))
        : ConverterChain.Run(Converters.For(input.Inspection.Type), input, context, cancel);

    private static StepResult<Conversion> Pictures(int pages)
    {
        var numbers = Enumerable.Range(1, pages).ToList();
        return StepResult<Conversion>.Ready(new Conversion([.. numbers.Select(number => new PageText(number, "", null, TextOrigin.None, null))], numbers, "tesseract"));
    }
}
