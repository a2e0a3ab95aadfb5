using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>Defaults and filters of the lists of documents.</summary>
internal static class DocumentLists
{
    private static readonly ContentType[] Types =
    [
        ContentType.Pdf, ContentType.Docx, ContentType.Odt, ContentType.Rtf, ContentType.Html, ContentType.Markdown, ContentType.Text, ContentType.Csv, ContentType.Xml,
        ContentType.Epub, ContentType.Email, ContentType.Png, ContentType.Jpeg, ContentType.Tiff, ContentType.WebP,
    ];

    public static ListQuery Defaults { get; } = new() { Sort = "created", Descending = true };

    public static IReadOnlyList<ListFilter> Filters(IStringLocalizer<DocumentsTexts> texts) =>
    [
        new("state", texts["State"],
        [
            new("process", texts["FilterProcess"], Tone: Tone.Info),
            new("ready", texts["FilterReady"], Tone: Tone.Ok),
            new("problem", texts["FilterProblem"], Tone: Tone.Bad),
        ]) { Pills = true, AnyLabel = texts["FilterAll"] },
        new("quality", texts["Quality"],
        [
            new("good", texts["QualityGood"], Tone: Tone.Ok),
            new("fair", texts["QualityFair"], Tone: Tone.Warn),
            new("poor", texts["QualityPoor"], Tone: Tone.Bad),
        ]),
        new("type", texts["Type"], [.. Types.Select(type => new ListFilterOption(type.ToString(), DocumentWords.Type(texts, type)))]),
    ];
}
