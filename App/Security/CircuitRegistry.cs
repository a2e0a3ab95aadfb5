using System.Collections.Concurrent;
using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>
/// Every open circuit of this process. When somebody's rights or sessions change theirs are checked at once; a slow sweep
/// catches what no message announced: expiry, and messages lost while processes were apart.
/// </summary>
public sealed class CircuitRegistry : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<SessionCircuitHandler, byte> _circuits = new();
    private readonly Channel<AccessChanged> _changes = Channel.CreateBounded<AccessChanged>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly TimeProvider _time;
    private readonly ILogger<CircuitRegistry> _log;
    private readonly IDisposable _subscription;
    private readonly IDisposable? _maintenance;
    private volatile bool _dropped;

    /// <param name="access">Subscribed before this, so that it has forgotten old rights when circuits ask it.</param>
    public CircuitRegistry(AccessRegistry access, IDbContextFactory<AppDbContext> databases, IOptionsMonitor<MaintenanceOptions> maintenance, Topic<AccessChanged> changes, TimeProvider time, ILogger<CircuitRegistry> log)
    {
        ArgumentNullException.ThrowIfNull(access);
        (_databases, _time, _log) = (databases, time, log);
        _subscription = changes.Subscribe(Enqueue, RecheckAll);
        _maintenance = maintenance.OnChange(_ => RecheckAll());
    }

    public int Count => _circuits.Count;

    /// <summary>How many circuits somebody has open here.</summary>
    public int CountOf(Guid userId) => _circuits.Keys.Count(c => c.UserId == userId);

    internal void Add(SessionCircuitHandler circuit) => _circuits[circuit] = 0;

    internal void Remove(SessionCircuitHandler circuit) => _circuits.TryRemove(circuit, out _);

    /// <summary>Checks every circuit soon; for when messages may have been missed.</summary>
    public void RecheckAll() => Enqueue(new AccessChanged(null));

    internal async Task<SessionEnd> EndReasonOf(Guid sessionId, CancellationToken cancellation)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        return await db.Set<SignInSession>().AsNoTracking().Where(s => s.Id == sessionId).Select(s => s.EndReason).SingleOrDefaultAsync(cancellation) ?? SessionEnd.Expired;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastSweep = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var remaining = Sweep - _time.GetElapsedTime(lastSweep);
            await using var timer = _time.CreateTimer(_ => wait.Cancel(), null, remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            try
            {
                var change = await _changes.Reader.ReadAsync(wait.Token);
                await RecheckAsync(_dropped ? null : change.UserId, stoppingToken);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                lastSweep = _time.GetTimestamp();
                await RecheckAsync(null, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Enqueue(AccessChanged change)
    {
        if (_changes.Reader.Count >= 200) _dropped = true;
        _changes.Writer.TryWrite(change);
    }

    private async Task RecheckAsync(Guid? userId, CancellationToken cancellation)
    {
        if (userId is null) _dropped = false;
        var concerned = _circuits.Keys.Where(c => userId is null || c.UserId is null || c.UserId == userId || c.ImpersonatorId == userId);
        await Parallel.ForEachAsync(concerned, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation }, async (circuit, token) =>
        {
            try
            {
                await circuit.RecheckAsync(token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                SecurityLog.RecheckFailed(_log, exception);
            }
        });
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _maintenance?.Dispose();
        base.Dispose();
    }
}
