namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>What a grant allows with the documents of a collection; each includes those before it.</summary>
public enum CollectionRight
{
    Read,

    /// <summary>Put documents in, change and delete them.</summary>
    Edit,
}
