using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>The progress of the jobs of this slice, in the words that the documents themselves show.</summary>
public sealed class ReadingWords(IStringLocalizer<DocumentsTexts> texts) : IJobProgressText
{
    public IReadOnlyList<string> JobTypes { get; } = [JobType.RulesOf(typeof(ReadDocument)).Name, JobType.RulesOf(typeof(ChangeDocuments)).Name, JobType.RulesOf(typeof(Storage.SweepContents)).Name];

    public string? Read(string message)
    {
        if (ReadReason.Parse(message) is not { } reason) return null;
        try
        {
            return texts[reason.Key, [.. reason.Arguments]] is { ResourceNotFound: false } words ? words.Value : null;
        }
        catch (FormatException)
        {
            // Written by another version of the portal, with fewer arguments than the text has places.
            return null;
        }
    }
}
