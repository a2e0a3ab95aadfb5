namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Turns the file into pages of text, by the converter for its type; pages without text are named for recognition.</summary>
public sealed class ConvertStep : IDocumentStep<ConvertInput, Conversion>
{
    public string Name => "convert";

    public string Version => "2";

    public Task<StepResult<Conversion>> Run(ConvertInput input, StepContext context, CancellationToken cancel) => input.Inspection.Type switch
    {
        ContentType.Pdf => PdfConverter.Convert(input, context, cancel),
        ContentType.Docx or ContentType.Docm => PandocConverter.Convert(input.Source.Path, "docx", context, cancel),
        ContentType.Odt => PandocConverter.Convert(input.Source.Path, "odt", context, cancel),
        ContentType.Epub => PandocConverter.Convert(input.Source.Path, "epub", context, cancel),
        ContentType.Rtf => PandocConverter.Convert(input.Source.Path, "rtf", context, cancel),
        ContentType.Html => PandocConverter.ConvertText(input.Source.Path, "html", context, cancel),
        ContentType.Markdown => PandocConverter.ConvertText(input.Source.Path, "gfm", context, cancel),
        ContentType.Text or ContentType.Csv => TextConverter.Convert(input.Source.Path, context, cancel),
        ContentType.Xml => XmlConverter.Convert(input.Source.Path, context, cancel),
        ContentType.Email => EmailConverter.Convert(input.Source.Path, context, cancel),
        var type when type.IsImage() => Task.FromResult(Pictures(input.Inspection.Pages ?? 1)),
        var type => Task.FromResult(StepResult<Conversion>.Ended(ReadOutcome.Unsupported, "TypeNotSupported", type.Extension().ToUpperInvariant())),
    };

    private static StepResult<Conversion> Pictures(int pages)
    {
        var numbers = Enumerable.Range(1, pages).ToList();
        return StepResult<Conversion>.Ready(new Conversion([.. numbers.Select(number => new PageText(number, "", null, TextOrigin.None, null))], numbers, "tesseract"));
    }
}
