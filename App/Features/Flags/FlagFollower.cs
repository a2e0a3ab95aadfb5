using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>
/// Keeps <see cref="FlagStore"/> at what is stored: reads anew when a flag or a role changed anywhere, when messages may have
/// been lost, and every half minute in case somebody committed and died before saying so. Tells of windows that begin or end.
/// </summary>
public sealed class FlagFollower : BackgroundService
{
    internal static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Channel<byte> _signals = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FlagStore _store;
    private readonly DatabaseState _database;
    private readonly TimeProvider _time;
    private readonly ILogger<FlagFollower> _log;
    private readonly IDisposable[] _subscriptions;

    public FlagFollower(FlagStore store, DatabaseState database, Topic<FlagsChanged> changes, Topic<AccessChanged> access, TimeProvider time, ILogger<FlagFollower> log)
    {
        (_store, _database, _time, _log) = (store, database, time, log);
        _subscriptions =
        [
            changes.Subscribe(
                change =>
                {
                    if (!change.OnlyUse) Signal();
                },
                Signal),
            // A role was made, renamed or deleted; somebody's own roles come with every question.
            access.Subscribe(
                change =>
                {
                    if (change.UserId is null) Signal();
                },
                Signal),
        ];
    }

    // Before the first request where the database allows it: a switch that is off is off from the start on.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_database.IsReady) await TryReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _database.WhenReady(stoppingToken);
            var isRead = _store.IsLoaded || await TryReadAsync(stoppingToken);
            var (readAt, seen) = (_time.GetTimestamp(), _time.GetUtcNow());
            while (true)
            {
                var boundary = _store.Current.BoundaryAfter(seen);
                var rest = (isRead ? Sweep : Again) - _time.GetElapsedTime(readAt);
                if (boundary - _time.GetUtcNow() is { } until && until < rest) rest = until;
                if (await IsSignalledAsync(rest, stoppingToken) || _time.GetElapsedTime(readAt) >= (isRead ? Sweep : Again))
                {
                    readAt = _time.GetTimestamp();
                    isRead = await TryReadAsync(stoppingToken);
                }

                if (boundary > _time.GetUtcNow()) continue;
                seen = _time.GetUtcNow();
                if (boundary is not null) _store.Renew();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    private void Signal() => _signals.Writer.TryWrite(0);

    /// <returns>False if the time passed without a signal.</returns>
    private async Task<bool> IsSignalledAsync(TimeSpan atMost, CancellationToken stopping)
    {
        if (_signals.Reader.TryRead(out _)) return true;
        if (atMost <= TimeSpan.Zero) return false;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var timer = _time.CreateTimer(_ => wait.Cancel(), null, atMost, Timeout.InfiniteTimeSpan);
        try
        {
            await _signals.Reader.ReadAsync(wait.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            await _store.ReadAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            FlagsLog.ReadFailed(_log, exception);
            return false;
        }
    }

    public override void Dispose()
    {
        foreach (var subscription in _subscriptions) subscription.Dispose();
        base.Dispose();
    }
}
