using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Recognises the characters of one page: a picture, a page of a TIFF, or a PDF page drawn first.</summary>
public sealed class OcrStep : IDocumentStep<OcrInput, OcrPage>
{
    public string Name => "ocr";

    public string Version => "2";

    public async Task<StepResult<OcrPage>> Run(OcrInput input, StepContext context, CancellationToken cancel)
    {
        var drawn = await PageDrawing.Draw(input, context, cancel);
        if (drawn.Fault is { } fault) return new(fault.Outcome, null, fault.Reason);
        var recognition = new PageRecognition(drawn.Path, input.Page, context);
        try
        {
            if (input.Type == ContentType.Pdf && BlankPage.Is(drawn.Path)) return StepResult<OcrPage>.Ready(new OcrPage("", null, 0, 0));
            return await recognition.Best(First(input.Type), cancel);
        }
        finally
        {
            recognition.RemovePictures();
        }
    }

    /// <summary>Makes the text layer of a page anew that was recognised before a restart.</summary>
    internal static async Task Again(OcrInput input, RecognitionWay way, StepContext context, CancellationToken cancel)
    {
        var drawn = await PageDrawing.Draw(input, context, cancel);
        if (drawn.Fault is not null) return;
        var recognition = new PageRecognition(drawn.Path, input.Page, context);
        await recognition.Again(way, cancel);
        recognition.RemovePictures();
    }

    /// <summary>Photographs and compressed pictures gain from smoothing, pages that were drawn at our resolution do not.</summary>
    private static PictureTreatment First(ContentType type) => type == ContentType.Pdf ? PictureTreatment.None : PictureTreatment.Smoothed;
}
