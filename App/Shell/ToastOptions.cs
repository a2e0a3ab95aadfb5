using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Shell;

/// <summary>Section <c>Toasts</c>: the short messages in the corner of the page.</summary>
public sealed class ToastOptions
{
    public const string Section = "Toasts";

    /// <summary>Seconds that a message stays which offers to undo what was done.</summary>
    [Range(5, 600)]
    public int UndoSeconds { get; set; } = 20;
}
