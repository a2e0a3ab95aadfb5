using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Renews the leases of the node's runs, learns which were lost or should stop, and takes back what silent nodes left. It
/// has a thread and a connection of its own and blocks both: handlers that use up the thread pool or the connections must
/// not make the node look dead.
/// </summary>
internal sealed class JobHeartbeat(
    IDbContextFactory<AppDbContext> databases, IJobSql sql, NodeInfo node, RunningJobs running, JobStatisticsWriter statistics, IOptionsMonitor<JobsOptions> options,
    Topic<JobChanged> changes, Topic<JobsReady> ready, ILogger<JobHeartbeat> log) : IDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _stopping = new();
    private AppDbContext? _db;
    private Thread? _thread;
    private long _lastBeat;
    private long _quietUntil;
    private bool _anyLost;

    /// <summary>Since the last renewal that succeeded.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastBeat));

    /// <summary>A person asked the node to take nothing new.</summary>
    public bool Draining { get; private set; }

    /// <summary>Called on the heartbeat's thread after each renewal that succeeded.</summary>
    public event Action? Beaten;

    /// <summary>Announces the node, frees what its earlier process left, and begins to beat.</summary>
    public void Start()
    {
        Beat();
        TakeBack(node.Name);
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
        var pause = options.CurrentValue.Heartbeat;
        while (!_stopping.Wait(pause))
        {
            pause = options.CurrentValue.Heartbeat;
            try
            {
                Beat();
                if (_anyLost && Stopwatch.GetTimestamp() >= _quietUntil) TakeBack(null);
            }
            catch (Exception exception)
            {
                JobsLog.HeartbeatFailed(log, exception, Silence.TotalSeconds);
                // The lease goes on running out: over a new connection at once.
                if (pause > AfterFailure && Silence < options.CurrentValue.Lease) pause = AfterFailure;
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
        var patience = TimeSpan.FromSeconds(settings.StuckSeconds);
        // Asked once: what the database is told and what the slots are freed for are the same runs.
        var ignoring = runs.Where(r => !r.IsEnding && r.StoppingFor > patience).ToHashSet();
        var beat = new NodeBeat(
            node.Name, node.Instance, node.StartedAt, settings.EffectiveSlots, runs.Count(r => r.Began && !r.IsEnding), runs.Count(r => !r.Began), settings.Lease,
            [.. runs.Select(r => new BeatRun(r.JobId, r.Claim.Token, r.StoppingFor is not null, ignoring.Contains(r)))]);
        var answer = sql.Beat(Connect(), beat);
        var rows = answer.Held;
        (Draining, _anyLost) = (answer.Draining, answer.AnyLost);
        var held = rows.ToDictionary(h => h.Token);
        Interlocked.Exchange(ref _lastBeat, Stopwatch.GetTimestamp());
        foreach (var job in runs)
        {
            if (held.TryGetValue(job.Claim.Token, out var lease))
            {
                if (lease.CancelRequested) job.Stop(StopReason.Cancelled);
                if (lease.Changed) JobsLog.Stuck(log, job.JobId, job.Type.Name);
            }
            else if (!job.IsEnding)
            {
                JobsLog.LeaseLost(log, job.JobId, job.Type.Name);
                job.Stop(StopReason.LeaseLost);
            }
        }

        foreach (var job in ignoring) job.Stuck = true;
        var stuck = rows.Where(r => r.Changed).Select(r => new JobChanged(r.JobId, r.Version, JobState.Running)).ToList();
        changes.Publish(stuck);
        Beaten?.Invoke();
    }

    private void TakeBack(string? of)
    {
        Connect();
        using var transaction = _db!.Database.BeginTransaction();
        var rows = sql.TakeBack(_db.Database.GetDbConnection(), transaction.GetDbTransaction(), of);
        // The few that ended for good are worth a blocked thread: this one must not lean on the pool.
        var ended = rows.Where(r => r.State.IsFinal() && (r.HasFollowers || r.InBatch)).Select(r => r.Id).ToList();
        var followers = ended.Count == 0 ? [] : JobFollowers.EndedAsync(_db, ended, CancellationToken.None).GetAwaiter().GetResult();
        var final = rows.Where(r => r.State.IsFinal()).Select(r => r.Id).ToList();
        var lost = final.Count == 0 ? [] : _db.Set<Job>().Where(j => final.Contains(j.Id)).Select(j => new { j.TenantId, j.Type, j.Id, j.State, j.Error }).ToList();
        transaction.Commit();
        if (rows.Count == 0) return;
        foreach (var job in lost) statistics.CountLost(job.TenantId, job.Type, job.Id, job.State, job.Error);
        JobsLog.TakenBack(log, rows.Count);
        changes.Publish(rows);
        changes.Publish(followers);
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
