namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// One step of reading a document: typed input and output, both recorded, so that a reading goes on after a crash
/// and a workflow can combine steps anew. A step keeps nothing outside the working folder.
/// </summary>
public interface IDocumentStep<in TInput, TOutput>
    where TOutput : class
{
    /// <summary>Stable name under which outputs are recorded.</summary>
    string Name { get; }

    /// <summary>Changes whenever the same input would give another output; recorded outputs of other versions are not taken.</summary>
    string Version { get; }

    Task<StepResult<TOutput>> Run(TInput input, StepContext context, CancellationToken cancel);
}
