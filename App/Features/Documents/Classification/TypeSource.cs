namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Who said of what type a document is.</summary>
public enum TypeSource
{
    /// <summary>Somebody; such documents are what models learn from.</summary>
    Person,

    /// <summary>The model, with more confidence than its threshold.</summary>
    Model,
}
