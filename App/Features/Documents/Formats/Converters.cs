using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Which converters read which type, the best first.</summary>
internal static class Converters
{
    private static readonly Converter Word = OwnReader.As(WordReader.Engine, WordReader.Read);
    private static readonly Converter Sheets = OwnReader.As(WordReader.Engine, SheetReader.Read);
    private static readonly Converter Slides = OwnReader.As(WordReader.Engine, SlideReader.Read);
    private static readonly Converter Open = OwnReader.As(OpenReader.Engine, OpenReader.Read);
    private static readonly Converter Html = OwnReader.As(HtmlReader.Engine, HtmlReader.Read);
    private static readonly Converter Csv = OwnReader.As(CsvTableReader.Engine, CsvTableReader.Read);
    private static readonly Converter Plain = new("text", (input, context, cancel) => TextConverter.Convert(input.Source.Path, context, cancel));

    private static readonly Dictionary<ContentType, IReadOnlyList<Converter>> Chains = new()
    {
        [ContentType.Pdf] = [new("poppler", PdfConverter.Convert)],
        [ContentType.Docx] = [Word, Pandoc("docx"), LibreOffice.Through("docx", WordReader.Read)],
        [ContentType.Docm] = [Word, Pandoc("docx"), LibreOffice.Through("docx", WordReader.Read)],
        [ContentType.Xlsx] = [Sheets, LibreOffice.Through("xlsx", SheetReader.Read)],
        [ContentType.Xlsm] = [Sheets, LibreOffice.Through("xlsx", SheetReader.Read)],
        [ContentType.Pptx] = [Slides, LibreOffice.Through("pptx", SlideReader.Read)],
        [ContentType.Pptm] = [Slides, LibreOffice.Through("pptx", SlideReader.Read)],
        [ContentType.Odt] = [Open, Pandoc("odt"), LibreOffice.Through("docx", WordReader.Read)],
        [ContentType.Ods] = [Open, LibreOffice.Through("xlsx", SheetReader.Read)],
        [ContentType.Odp] = [Open, LibreOffice.Through("pptx", SlideReader.Read)],
        [ContentType.Doc] = [LibreOffice.Through("docx", WordReader.Read)],
        [ContentType.Xls] = [LibreOffice.Through("xlsx", SheetReader.Read)],
        [ContentType.Ppt] = [LibreOffice.Through("pptx", SlideReader.Read)],
        [ContentType.Epub] = [Pandoc("epub")],
        [ContentType.Rtf] = [Pandoc("rtf"), LibreOffice.Through("docx", WordReader.Read)],
        [ContentType.Html] = [Html, PandocText("html")],
        [ContentType.Markdown] = [PandocText("gfm"), Plain],
        [ContentType.Text] = [Plain],
        [ContentType.Csv] = [Csv, Plain],
        [ContentType.Xml] = [new("xml", (input, context, cancel) => XmlConverter.Convert(input.Source.Path, context, cancel))],
        [ContentType.OutlookMessage] = [new("mail", (input, context, cancel) => EmailConverter.ConvertOutlook(input.Source.Path, context, cancel))],
        [ContentType.Email] = [new("mail", (input, context, cancel) => EmailConverter.Convert(input.Source.Path, context, cancel))],
    };

    /// <summary>Types that have a chain; pictures are read by recognition alone.</summary>
    public static IReadOnlyCollection<ContentType> Types => Chains.Keys;

    public static IReadOnlyList<Converter> For(ContentType type) => Chains.GetValueOrDefault(type, []);

    private static Converter Pandoc(string format) => new("pandoc", (input, context, cancel) => PandocConverter.Convert(input.Source.Path, format, context, cancel));

    private static Converter PandocText(string format) => new("pandoc", (input, context, cancel) => PandocConverter.ConvertText(input.Source.Path, format, context, cancel));
}
