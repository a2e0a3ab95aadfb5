namespace BlazorAdmin.Features.Documents;

public enum DocumentState
{
    /// <summary>Stored; its job has not begun.</summary>
    Waiting,
    Reading,
    Ready,

    /// <summary>Read, or tried to, with a result that a person should look at; <see cref="Document.Outcome"/> and the reason say which.</summary>
    Problem,

    /// <summary>A person stopped the reading.</summary>
    Cancelled,
}
