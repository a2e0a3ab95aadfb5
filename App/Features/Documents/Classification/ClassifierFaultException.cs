using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Why no model, or no answer of a model, could be had.</summary>
/// <param name="reason">A key of <see cref="ClassificationTexts"/> with its arguments.</param>
/// <param name="isOfTheMachine">Another attempt or an installed package may help; otherwise it is a matter of the documents.</param>
public sealed class ClassifierFaultException(ReadReason reason, bool isOfTheMachine) : Exception(reason.ToString())
{
    public ReadReason Reason { get; } = reason;

    public bool IsOfTheMachine { get; } = isOfTheMachine;
}
