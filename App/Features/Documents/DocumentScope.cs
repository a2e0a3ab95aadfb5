namespace BlazorAdmin.Features.Documents;

/// <summary>Whose documents a list shows.</summary>
public enum DocumentScope
{
    Own,
    All,

    /// <summary>Those of others that a grant on their collection opens.</summary>
    Shared,
}
