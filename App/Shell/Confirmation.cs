using BlazorAdmin.Shell.Controls;

namespace BlazorAdmin.Shell;

/// <summary>A question before something that cannot be taken back. Title names the thing and the count, Text the effect, Action is the verb on the button.</summary>
public sealed record Confirmation(string Title, string Text, string Action)
{
    /// <summary>Paints the button as dangerous and puts the focus on the way out.</summary>
    public bool Danger { get; init; } = true;

    /// <summary>The way out, where "Cancel" could be taken for the action itself: "Keep them".</summary>
    public string? Dismiss { get; init; }

    /// <summary>When set, the person must type this word first: for what touches many or cannot be restored.</summary>
    public string? TypeToConfirm { get; init; }

    public IReadOnlyList<Fact> Facts { get; init; } = [];
}
