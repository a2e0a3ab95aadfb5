using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Notifications;

/// <summary>What the bell, the page and the widget have in common: they follow one person's notifications and mark them read.</summary>
public abstract class NotificationView : LiveComponent
{
    private Caller? _caller;
    private IReadOnlySet<string> _roles = new HashSet<string>();

    [Inject] protected Notifications Notifications { get; init; } = null!;

    [Inject] protected IStringLocalizer<NotificationsTexts> T { get; init; } = null!;

    [Inject] private CurrentCaller Current { get; init; } = null!;

    [Inject] private Topic<NotificationsChanged> Topic { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private Toasts Toasts { get; init; } = null!;

    [Inject] private ILogger<NotificationView> Log { get; init; } = null!;

    /// <summary>Reads what the view shows; nobody who is not signed in gets here.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellation);

    /// <summary>Called for each message that concerns the person, on any thread.</summary>
    protected virtual void OnMessage(NotificationsChanged message)
    {
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _caller = await Current.GetAsync(Ended);
            await RefreshAsync(Ended);
        }
        catch (Exception exception) when (!Ended.IsCancellationRequested && exception is not OperationCanceledException)
        {
            NotificationsLog.ReadFailed(Log, exception);
            OnLoadFailed();
        }
    }

    /// <summary>The first reading failed; the next message or the person tries again.</summary>
    protected virtual void OnLoadFailed()
    {
    }

    protected override void Subscribe()
    {
        Watch(Topic, message =>
        {
            var concerns = Concerns(message);
            if (concerns) OnMessage(message);
            return concerns;
        });
        Watch(Access, change => change.UserId is null || change.UserId == _caller?.UserId);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_caller?.UserId is null) return;
        _roles = await Notifications.RolesAsync(cancellation);
        await LoadAsync(cancellation);
    }

    protected Task MarkReadAsync(NotificationItem item) => RunAsync(() => Notifications.MarkReadAsync(item.Id, Ended));

    protected Task MarkAllReadAsync() => RunAsync(() => Notifications.MarkAllReadAsync(Ended));

    /// <summary>Runs an action of the person; what goes wrong is said and logged, and the page lives on.</summary>
    protected async Task RunAsync(Func<Task> action)
    {
        try
        {
            await action();
            await LoadAsync(Ended);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            // The page is gone, and with it whoever waited.
            return;
        }
        catch (ForbiddenException)
        {
            Toasts.Failed(T["NotAllowed"]);
        }
        catch (Exception exception)
        {
            NotificationsLog.ReadFailed(Log, exception);
            Toasts.Failed(T["Failed"]);
        }
    }

    private bool Concerns(NotificationsChanged message) =>
        _caller is { UserId: not null } caller && message.TenantId == caller.TenantId
        && (message.UserId is null ? message.Role is null || _roles.Contains(message.Role) : message.UserId == caller.UserId);
}
