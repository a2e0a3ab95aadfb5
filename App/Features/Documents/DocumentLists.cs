using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Intake;
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
        ContentType.Pdf, ContentType.Docx, ContentType.Docm, ContentType.Doc, ContentType.Xlsx, ContentType.Xlsm, ContentType.Xls, ContentType.Pptx, ContentType.Pptm, ContentType.Ppt,
        ContentType.Odt, ContentType.Ods, ContentType.Odp, ContentType.Rtf, ContentType.Html, ContentType.Markdown, ContentType.Text, ContentType.Csv, ContentType.Xml, ContentType.Epub, ContentType.Email, ContentType.OutlookMessage, ContentType.Png, ContentType.Jpeg, ContentType.Tiff, ContentType.WebP,
    ];

    public static ListQuery Defaults { get; } = new() { Sort = "created", Descending = true };

    public static IReadOnlyList<ListFilter> Filters(IStringLocalizer<DocumentsTexts> texts, IStringLocalizer<LibraryTexts> library, Choices choices, DocumentScope scope)
    {
        List<ListFilter> filters =
        [
            new("state", texts["State"],
            [
                new("process", texts["FilterProcess"], Tone: Tone.Info),
                new("ready", texts["FilterReady"], Tone: Tone.Ok),
                new("problem", texts["FilterProblem"], Tone: Tone.Bad),
            ]) { Pills = true, AnyLabel = texts["FilterAll"] },
            new("type", texts["Type"], [.. Types.Select(type => new ListFilterOption(type.ToString(), DocumentWords.Type(texts, type)))]) { Extra = scope == DocumentScope.All },
            new("collection", library["Collection"], Named(library["NoCollection"], choices.Collections)) { Extra = scope != DocumentScope.All },
            new("kind", library["Kind"], Named(library["NoKind"], choices.Types)) { Extra = true },
            new("tag", library["Tag"], [.. choices.Tags.Select(tag => new ListFilterOption(tag.Id.ToString(), tag.Name))]) { Extra = true },
            new("quality", library["Quality"], [new("good", library["QualityGood"]), new("fair", library["QualityFair"]), new("poor", library["QualityPoor"])]) { Extra = true },
            new("findings", library["Findings"], [new("yes", library["WithFindings"])]) { Extra = true },
            new("origin", library["Origin"], [.. Enum.GetValues<DocumentOrigin>().Select(origin => new ListFilterOption(origin.ToString(), library[$"Origin{origin}"]))]) { Extra = true },
            new("from", library["From"], []) { Day = RangeEnd.From },
            new("to", library["To"], []) { Day = RangeEnd.To },
        ];
        if (scope != DocumentScope.Own) filters.Add(new("owner", texts["Owner"], []) { Extra = true });
        return [.. filters.Where(filter => filter.Options.Count > 0 || filter.Day is not null || filter.Key == "owner")];
    }

    private static List<ListFilterOption> Named(string none, IReadOnlyList<CollectionName> names) =>
        names.Count == 0 ? [] : [new(DocumentMatching.None, none), .. names.Select(name => new ListFilterOption(name.Id.ToString(), name.Name))];
}
