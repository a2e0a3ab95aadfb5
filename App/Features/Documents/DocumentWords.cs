using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>How states, reasons and types of documents read.</summary>
internal static class DocumentWords
{
    public static (Tone Tone, string Word, string? Icon) State(IStringLocalizer<DocumentsTexts> texts, DocumentRow row) => row.State switch
    {
        DocumentState.Waiting => (Tone.Idle, texts["StateWaiting"], "wait"),
        DocumentState.Reading => (Tone.Info, texts["StateReading"], null),
        DocumentState.Ready when row.Warnings > 0 => (Tone.Warn, texts["StateReadyWithGaps"], null),
        DocumentState.Ready => (Tone.Ok, texts["StateReady"], null),
        DocumentState.Cancelled => (Tone.Idle, texts["StateCancelled"], "stop"),
        _ => (ToneOf(row.Outcome), texts[$"Outcome{row.Outcome ?? ReadOutcome.Failed}"], row.Outcome == ReadOutcome.NeedsPassword ? "lock" : null),
    };

    public static string? Reason(IStringLocalizer<DocumentsTexts> texts, ReadReason? reason) => reason is null ? null : texts[reason.Key, [.. reason.Arguments]].Value;

    public static string? Progress(IStringLocalizer<DocumentsTexts> texts, DocumentRow row) => Reason(texts, DocumentLibrary.Reason(row.ProgressKey, row.ProgressArguments));

    public static string Type(IStringLocalizer<DocumentsTexts> texts, ContentType type) => type switch
    {
        ContentType.Text => texts["TypeText"],
        ContentType.Email => texts["TypeEmail"],
        ContentType.EncryptedOffice => texts["TypeProtected"],
        ContentType.Executable => texts["TypeProgram"],
        ContentType.Unknown or ContentType.CompoundFile => texts["TypeOther"],
        ContentType.Empty => texts["TypeNothing"],
        ContentType.OutlookMessage => "Outlook",
        ContentType.Jpeg or ContentType.Png or ContentType.Tiff or ContentType.Gif or ContentType.Bmp or ContentType.Pdf or ContentType.Html or ContentType.Xml or ContentType.Csv or ContentType.Rtf or ContentType.Svg
            or ContentType.Docx or ContentType.Docm or ContentType.Xlsx or ContentType.Xlsm or ContentType.Pptx or ContentType.Pptm or ContentType.Odt or ContentType.Ods or ContentType.Odp
            or ContentType.Doc or ContentType.Xls or ContentType.Ppt or ContentType.Zip => type.ToString().ToUpperInvariant(),
        _ => type.ToString(),
    };

    private static Tone ToneOf(ReadOutcome? outcome) => outcome switch
    {
        ReadOutcome.NeedsPassword or ReadOutcome.NoText or ReadOutcome.Empty or ReadOutcome.Unsupported or ReadOutcome.TooLarge or ReadOutcome.TooManyPages => Tone.Warn,
        _ => Tone.Bad,
    };

    /// <summary>The quality as a number of 100 and in a word.</summary>
    public static string Score(IStringLocalizer<DocumentsTexts> texts, Display display, double score) =>
        texts["QualityScore", display.Number((int)Math.Round(score)), texts[QualityWords.Of(score).Key]];
}
