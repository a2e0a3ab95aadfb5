using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The progress of trainings and classifications in words.</summary>
public sealed class ClassificationWords(IStringLocalizer<ClassificationTexts> texts) : IJobProgressText
{
    public IReadOnlyList<string> JobTypes { get; } = [JobType.RulesOf(typeof(TrainClassifier)).Name, JobType.RulesOf(typeof(ClassifyDocuments)).Name];

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
