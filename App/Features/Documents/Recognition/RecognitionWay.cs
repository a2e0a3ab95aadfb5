namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>How a page was recognised; the same way gives the same text again.</summary>
/// <param name="Turn">Degrees clockwise by which the drawn page was turned to stand upright.</param>
/// <param name="Segmentation">Page segmentation mode of tesseract: 3 finds columns by itself, 6 takes the page as one block.</param>
public sealed record RecognitionWay(int Turn, PictureTreatment Treatment, int Segmentation);
