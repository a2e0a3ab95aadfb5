using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Renews the leases of the node's runs, learns which were lost or should stop, and takes back what silent nodes left. It
/// has a thread and a connection of its own and blocks both: handlers that use up the thread pool or the connections must
/// not make the node look dead.
/// </summary>
internal sealed class JobHeartbeat(
    IDbContextFactory<AppDbContext> databases, IJobSql sql, NodeInfo node, RunningJobs running, IOptionsMonitor<JobsOptions> options,
    Topic<JobChanged> changes, Topic<JobsReady> ready, ILogger<JobHeartbeat> log) : IDisposable
{
    private readonly ManualResetEventSlim _stopping = new();
    private AppDbContext? _db;
    private Thread? _thread;
    private long _lastBeat;
    private long _quietUntil;

    /// <summary>Since the last renewal that succeeded.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastBeat));

    /// <summary>Announces the node, frees what its earlier process left, and begins to beat.</summary>
    public void Start()
    {
        Beat();
        Announce(sql.TakeBack(Connect(), node.Name));
        // After an outage everybody's lease is over: the others get the time to renew before they count as lost.
        BeQuiet();
        _thread = new Thread(Run) { IsBackground = true, Name = "jobs.heartbeat", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Ends the beats and takes the node from the list of workers.</summary>
    public void Stop()
    {
        _stopping.Set();
        if (_thread is null) return;
        _thread.Join();
        _thread = null;
        try
        {
            Connect();
            _db!.Set<WorkerNode>().Where(n => n.Name == node.Name && n.Instance == node.Instance).ExecuteDelete();
        }
        catch (Exception exception)
        {
            JobsLog.HeartbeatFailed(log, exception, Silence.TotalSeconds);
        }

        _db?.Dispose();
        _db = null;
    }

    public void Dispose()
    {
        Stop();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.Wait(options.CurrentValue.Heartbeat))
        {
            try
            {
                Beat();
                if (Stopwatch.GetTimestamp() >= _quietUntil) Announce(sql.TakeBack(Connect(), null));
            }
            catch (Exception exception)
            {
                JobsLog.HeartbeatFailed(log, exception, Silence.TotalSeconds);
                BeQuiet();
                _db?.Dispose();
                _db = null;
            }
        }
    }

    private void Beat()
    {
        var settings = options.CurrentValue;
        var runs = running.All.ToList();
        var held = sql.Beat(Connect(), new NodeBeat(node.Name, node.Instance, node.StartedAt, settings.EffectiveSlots, settings.Lease, [.. runs.Select(r => (r.JobId, r.Claim.Token))]))
            .ToDictionary(h => h.Token, h => h.CancelRequested);
        Interlocked.Exchange(ref _lastBeat, Stopwatch.GetTimestamp());
        foreach (var job in runs)
        {
            if (held.TryGetValue(job.Claim.Token, out var cancelRequested))
            {
                if (cancelRequested) job.Stop(StopReason.Cancelled);
            }
            else if (!job.IsEnding)
            {
                JobsLog.LeaseLost(log, job.JobId, job.Type.Name);
                job.Stop(StopReason.LeaseLost);
            }
        }
    }

    private void Announce(IReadOnlyList<WrittenJob> rows)
    {
        if (rows.Count == 0) return;
        JobsLog.TakenBack(log, rows.Count);
        changes.Publish(rows);
        ready.Publish(new JobsReady(""));
    }

    private void BeQuiet() => _quietUntil = Stopwatch.GetTimestamp() + (long)(options.CurrentValue.LeaseSeconds * Stopwatch.Frequency);

    private System.Data.Common.DbConnection Connect()
    {
        _db ??= databases.CreateDbContext();
        var connection = _db.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open) connection.Open();
        return connection;
    }
}
