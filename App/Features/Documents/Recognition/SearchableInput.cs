using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <param name="Pages">Pages of the file.</param>
/// <param name="Recognised">Pages with recognised words and the way each was read, in order.</param>
public sealed record SearchableInput(DocumentSource Source, ContentType Type, int Pages, IReadOnlyList<RecognisedPage> Recognised);

public sealed record RecognisedPage(int Number, RecognitionWay Way);
