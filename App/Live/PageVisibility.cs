namespace BlazorAdmin.Live;

/// <summary>Whether the browser tab of this circuit is in front. Hidden pages do not render; they catch up when shown.</summary>
public sealed class PageVisibility
{
    public bool IsHidden { get; private set; }

    /// <summary>Raised when the tab comes to the front or goes away.</summary>
    public event Action? Changed;

    public void Set(bool hidden)
    {
        if (IsHidden == hidden) return;
        IsHidden = hidden;
        Changed?.Invoke();
    }
}
