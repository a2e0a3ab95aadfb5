using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Which converters read which type, the best first.</summary>
internal static class Converters
{
    private static readonly Converter Word = OwnReader.As(WordReader.Engine, WordReader.Read);
    private static readonly Converter Html = OwnReader.As(HtmlReader.Engine, HtmlReader.Read);

    public static IReadOnlyList<Converter> For(ContentType type) => type switch
    {
        ContentType.Pdf => [new("poppler", PdfConverter.Convert)],
        ContentType.Docx or ContentType.Docm => [Word, Pandoc("docx")],
        ContentType.Odt => [Pandoc("odt")],
        ContentType.Epub => [Pandoc("epub")],
        ContentType.Rtf => [Pandoc("rtf")],
        ContentType.Html => [Html, PandocText("html")],
        ContentType.Markdown => [PandocText("gfm"), Plain],
        ContentType.Text or ContentType.Csv => [Plain],
        ContentType.Xml => [new("xml", (input, context, cancel) => XmlConverter.Convert(input.Source.Path, context, cancel))],
        ContentType.Email => [new("mail", (input, context, cancel) => EmailConverter.Convert(input.Source.Path, context, cancel))],
        _ => [],
    };

    private static Converter Plain { get; } = new("text", (input, context, cancel) => TextConverter.Convert(input.Source.Path, context, cancel));

    private static Converter Pandoc(string format) => new("pandoc", (input, context, cancel) => PandocConverter.Convert(input.Source.Path, format, context, cancel));

    private static Converter PandocText(string format) => new("pandoc", (input, context, cancel) => PandocConverter.ConvertText(input.Source.Path, format, context, cancel));
}
