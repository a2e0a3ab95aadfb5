using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>A reader met a limit or a file that it cannot read; carries the named state.</summary>
internal sealed class ReadStoppedException(ReadOutcome outcome, ReadReason reason) : Exception(reason.ToString())
{
    public ReadOutcome Outcome => outcome;

    public ReadReason Reason => reason;
}
