namespace BlazorAdmin.Features.Documents;

/// <summary>Whose documents a list shows.</summary>
public enum DocumentScope
{
    Own,
    All,
}
