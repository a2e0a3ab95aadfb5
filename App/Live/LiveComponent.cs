using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Live;

/// <summary>
/// A component whose view follows topics. It subscribes after the first interactive render, reads its data again at most
/// once a second when something it watches changed, rests while the tab is hidden, and leaves no subscriber behind.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly List<IDisposable> _bag = [];
    private readonly CancellationTokenSource _ended = new();
    private Throttle? _throttle;
    private bool _missed;

    [Inject] private PageVisibility Visibility { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    [Inject] private ILoggerFactory Logs { get; init; } = null!;

    /// <summary>Cancelled when the component leaves the page.</summary>
    protected CancellationToken Ended => _ended.Token;

    /// <summary>Shortest time between two refreshes.</summary>
    protected virtual TimeSpan RefreshInterval => TimeSpan.FromSeconds(1);

    /// <summary>Called once, after the first render: call <see cref="Watch{T}"/> here.</summary>
    protected abstract void Subscribe();

    /// <summary>Reads the view's data again. Runs on the renderer; the component re-renders afterwards.</summary>
    protected abstract Task RefreshAsync(CancellationToken cancellation);

    /// <summary>Refreshes when a message comes that <paramref name="concerns"/> this view (null: every one).</summary>
    protected void Watch<T>(Topic<T> topic, Func<T, bool>? concerns = null) where T : class =>
        Keep(topic.Subscribe(message =>
        {
            if (concerns is null || concerns(message)) RequestRefresh();
        }));

    /// <summary>Disposes <paramref name="owned"/> with the component.</summary>
    protected void Keep(IDisposable owned) => _bag.Add(owned);

    /// <summary>Asks for a refresh soon; cheap, from any thread.</summary>
    protected void RequestRefresh()
    {
        if (Visibility.IsHidden) Volatile.Write(ref _missed, true);
        else _throttle?.Signal();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender || _ended.IsCancellationRequested) return;
        _throttle = new Throttle(RefreshInterval, Refresh, Clock, Report);
        Visibility.Changed += OnVisibility;
        Subscribe();
    }

    private Task Refresh(CancellationToken cancellation) => InvokeAsync(async () =>
    {
        await RefreshAsync(cancellation);
        StateHasChanged();
    });

    private void OnVisibility()
    {
        if (Visibility.IsHidden || !Volatile.Read(ref _missed)) return;
        Volatile.Write(ref _missed, false);
        _throttle?.Signal();
    }

    private void Report(Exception exception) => LiveLog.RefreshFailed(Logs.CreateLogger(GetType()), exception);

    public virtual async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested) return;
        _ended.Cancel();
        Visibility.Changed -= OnVisibility;
        foreach (var owned in _bag) owned.Dispose();
        if (_throttle is not null) await _throttle.DisposeAsync();
        _ended.Dispose();
        GC.SuppressFinalize(this);
    }
}
