namespace BlazorAdmin.Features.Documents.Classification;

public enum ModelState
{
    Training,
    Ready,

    /// <summary>It could not be built; its reason says why.</summary>
    Failed,
}
