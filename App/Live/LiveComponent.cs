using System.Globalization;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Live;

/// <summary>
/// A component whose view follows topics. It subscribes after the first interactive render, reads its data again at most
/// once a second when something it watches changed, rests while nobody sees the page, and leaves no subscriber behind.
/// </summary>
/// <remarks>What changed between creating the component and subscribing is noticed too, so data may be read in <c>OnInitializedAsync</c>.</remarks>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly List<IDisposable> _bag = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly long _createdAt = TopicClock.Now;
    private Throttle? _throttle;
    private CultureInfo? _culture;
    private CultureInfo? _uiCulture;
    private int _wanted;

    protected LiveComponent() => _ended = _ending.Token;

    [Inject] private PageVisibility Visibility { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    [Inject] private ILoggerFactory Logs { get; init; } = null!;

    /// <summary>Cancelled when the component leaves the page.</summary>
    protected CancellationToken Ended => _ended;

    /// <summary>Shortest time between two refreshes.</summary>
    protected virtual TimeSpan RefreshInterval => TimeSpan.FromSeconds(1);

    /// <summary>Called once, after the first render: call <see cref="Watch{T}"/> here.</summary>
    protected abstract void Subscribe();

    /// <summary>Reads the view's data again. Runs on the renderer in the page's language; the component re-renders afterwards.</summary>
    protected abstract Task RefreshAsync(CancellationToken cancellation);

    /// <summary>Refreshes when a message comes that <paramref name="concerns"/> this view (null: every one), or when some may have been lost.</summary>
    protected void Watch<T>(Topic<T> topic, Func<T, bool>? concerns = null) where T : class
    {
        Keep(topic.Subscribe(
            message =>
            {
                if (concerns is null || concerns(message)) RequestRefresh();
            },
            RequestRefresh));
        if (topic.LastDelivery > _createdAt) RequestRefresh();
    }

    /// <summary>Disposes <paramref name="owned"/> with the component, at once if it has left already. On the renderer only.</summary>
    protected void Keep(IDisposable owned)
    {
        if (_ended.IsCancellationRequested) owned.Dispose();
        else _bag.Add(owned);
    }

    /// <summary>Asks for a refresh soon; cheap, from any thread.</summary>
    protected void RequestRefresh()
    {
        // Noted first, looked second: a page that is shown in between finds the note.
        Interlocked.Exchange(ref _wanted, 1);
        SignalIfSeen();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender || _ended.IsCancellationRequested) return;
        (_culture, _uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        _throttle = new Throttle(RefreshInterval, Refresh, Clock, Report);
        Visibility.Changed += SignalIfSeen;
        Subscribe();
    }

    private void SignalIfSeen()
    {
        if (!Visibility.IsHidden && Interlocked.Exchange(ref _wanted, 0) == 1) _throttle?.Signal();
    }

    private Task Refresh(CancellationToken cancellation) => InvokeAsync(async () =>
    {
        if (Visibility.IsHidden)
        {
            RequestRefresh();
            return;
        }

        // The publisher's thread speaks another language than this page, perhaps.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture!, _uiCulture!);
        await RefreshAsync(cancellation);
        if (!cancellation.IsCancellationRequested) StateHasChanged();
    });

    private void Report(Exception exception)
    {
        // The session ended or the right was taken: the page itself is about to say so, and the refusal is in the audit.
        if (exception is not ForbiddenException) LiveLog.RefreshFailed(Logs.CreateLogger(GetType()), exception);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested) return;
        await _ending.CancelAsync();
        Visibility.Changed -= SignalIfSeen;
        foreach (var owned in _bag) owned.Dispose();
        _bag.Clear();
        if (_throttle is not null) await _throttle.DisposeAsync();
        _ending.Dispose();
        GC.SuppressFinalize(this);
    }
}
