namespace BlazorAdmin.Live;

/// <summary>
/// Whether somebody can see this circuit's page now: its tab is in front and its connection stands. Pages that nobody sees
/// do not render; they catch up when shown.
/// </summary>
public sealed class PageVisibility
{
    private volatile bool _tabHidden;
    private volatile bool _disconnected;

    public bool IsHidden => _tabHidden || _disconnected;

    /// <summary>Raised when the page comes to sight or goes out of it.</summary>
    public event Action? Changed;

    /// <summary>The browser's word on the tab.</summary>
    public void Set(bool hidden) => Change(() => _tabHidden = hidden);

    /// <summary>The circuit's word on its connection.</summary>
    public void SetConnected(bool connected) => Change(() => _disconnected = !connected);

    private void Change(Action change)
    {
        var before = IsHidden;
        change();
        if (IsHidden != before) Changed?.Invoke();
    }
}
