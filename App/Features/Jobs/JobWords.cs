namespace BlazorAdmin.Features.Jobs;

/// <summary>Puts into words what handlers of some types report as progress: they write a key with arguments, people read their own language.</summary>
public interface IJobProgressText
{
    /// <summary><see cref="JobTypeAttribute.Name"/> of the types whose messages it knows.</summary>
    IReadOnlyList<string> JobTypes { get; }

    /// <summary>The message in the language of whoever asks; null where it is none of its keys and is shown as it stands.</summary>
    string? Read(string message);
}

/// <summary>The progress of jobs in the viewer's language, the same in list, details, widgets and export.</summary>
public sealed class JobWords(IEnumerable<IJobProgressText> texts)
{
    private readonly Dictionary<string, IJobProgressText> _byType = texts.SelectMany(text => text.JobTypes, (text, type) => (text, type)).ToDictionary(known => known.type, known => known.text);

    internal JobItem Read(JobItem job) =>
        job.ProgressMessage is { } message && _byType.TryGetValue(job.Type, out var text) && text.Read(message) is { } words ? job with { ProgressMessage = words } : job;
}
