using BlazorAdmin.Security;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Notifications;

/// <summary>Everything that a person was told, newest first.</summary>
public sealed partial class NotificationsPage
{
    private const int PageLength = 30;

    private IReadOnlyList<NotificationItem> _items = [];
    private bool _loaded;
    private bool _failed;
    private bool _more;
    private bool _maySend;
    private int _unread;
    private int _wanted = PageLength;
    private bool? _shownUnread;

    [SupplyParameterFromQuery(Name = "unread")] public bool OnlyUnread { get; set; }

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private IOptionsMonitor<NotificationsOptions> Options { get; init; } = null!;

    private ViewState State => _failed ? ViewState.Failed : !_loaded ? ViewState.Loading : _items.Count == 0 ? ViewState.Empty : ViewState.Ready;

    protected override async Task OnParametersSetAsync()
    {
        if (_shownUnread == OnlyUnread) return;
        var first = _shownUnread is null;
        _shownUnread = OnlyUnread;
        _wanted = PageLength;
        // The first load follows from initialising.
        if (!first) await RetryAsync();
    }

    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        _maySend = await Guard.Allows(NotificationsPermissions.Send, cancellation);
        var items = await Notifications.ListAsync(_wanted + 1, unreadOnly: OnlyUnread, cancellation: cancellation);
        _unread = await Notifications.CountUnreadAsync(cancellation);
        _more = items.Count > _wanted;
        _items = [.. items.Take(_wanted)];
        (_loaded, _failed) = (true, false);
    }

    protected override void OnLoadFailed() => _failed = !_loaded;

    private Task RetryAsync() => RunAsync(() => Task.CompletedTask);

    private Task LoadMoreAsync()
    {
        _wanted += PageLength;
        return RetryAsync();
    }
}
