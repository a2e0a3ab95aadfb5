namespace BlazorAdmin.Shell;

/// <summary>The title of the page that is shown, set by its PageHead, for the breadcrumbs. One per circuit.</summary>
public sealed class CurrentPage
{
    public event Action? Changed;

    public string? Title { get; private set; }

    public void Show(string title)
    {
        if (Title == title) return;
        Title = title;
        Changed?.Invoke();
    }
}
