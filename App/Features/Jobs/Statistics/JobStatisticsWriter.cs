using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>
/// Adds up what ends on this node and appends it to the statistics every five seconds: no figure is ever counted from the
/// jobs. A killed process loses the last seconds of figures, never a job.
/// </summary>
internal sealed class JobStatisticsWriter(IDbContextFactory<AppDbContext> databases, NodeInfo node, TimeProvider time, ILogger<JobStatisticsWriter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<(Guid Tenant, string Type, DateTimeOffset Minute), Sums> _sums = [];
    private Dictionary<(Guid Tenant, string Type), Last> _last = [];
    private readonly long[] _runs = new long[Enum.GetValues<JobState>().Length];

    /// <summary>Runs on this node since it started that brought their job into <paramref name="state"/>; queued: to be tried again.</summary>
    public long RunsTo(JobState state)
    {
        lock (_lock) return _runs[(int)state];
    }

    /// <summary>A run ended and its end is written.</summary>
    public void Count(ClaimedJob job, RunEnd end, JobState state)
    {
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        lock (_lock)
        {
            _runs[(int)state]++;
            var key = (job.TenantId, job.Type, minute);
            if (!_sums.TryGetValue(key, out var sums)) _sums[key] = sums = new Sums();
            sums.Add(job.WaitedSeconds, end, state);
            if (!state.IsFinal()) return;
            if (!_last.TryGetValue((job.TenantId, job.Type), out var last)) _last[(job.TenantId, job.Type)] = last = new Last();
            last.Add(job.Id, state, end.Error, now);
        }
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        Dictionary<(Guid Tenant, string Type, DateTimeOffset Minute), Sums> sums;
        Dictionary<(Guid Tenant, string Type), Last> last;
        lock (_lock)
        {
            if (_sums.Count == 0) return;
            (sums, _sums) = (_sums, []);
            (last, _last) = (_last, []);
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var ((tenant, type, minute), sum) in sums) db.Add(sum.ToRow(tenant, type, minute, node.Name));
        await db.SaveChangesAsync(cancellation);
        foreach (var ((tenant, type), state) in last) await WriteLastAsync(db, tenant, type, state, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await FlushAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                JobsLog.StatisticsLost(log, exception);
            }
        }
    }

    private static async Task WriteLastAsync(AppDbContext db, Guid tenant, string type, Last last, CancellationToken cancellation)
    {
        var rows = db.Set<JobTypeState>().Where(s => s.TenantId == tenant && s.Type == type);
        if (await rows.ExecuteUpdateAsync(set => set
                .SetProperty(s => s.LastJobId, last.JobId).SetProperty(s => s.LastState, last.State).SetProperty(s => s.LastEndedAt, last.EndedAt)
                .SetProperty(s => s.LastSuccessAt, s => last.SuccessAt ?? s.LastSuccessAt).SetProperty(s => s.LastFailureAt, s => last.FailureAt ?? s.LastFailureAt)
                .SetProperty(s => s.LastError, s => last.Error ?? s.LastError)
                .SetProperty(s => s.FailuresInARow, s => last.SuccessAt == null ? s.FailuresInARow + last.Failures : last.Failures), cancellation) > 0) return;
        db.Add(new JobTypeState
        {
            TenantId = tenant, Type = type, LastJobId = last.JobId, LastState = last.State, LastEndedAt = last.EndedAt, LastSuccessAt = last.SuccessAt,
            LastFailureAt = last.FailureAt, LastError = last.Error, FailuresInARow = last.Failures,
        });
        await db.SaveChangesAsync(cancellation);
    }

    private sealed class Sums
    {
        private readonly DurationSketch _waits = new();
        private readonly DurationSketch _runs = new();
        private int _succeeded, _failed, _retried, _cancelled;
        private double _waitSeconds, _runSeconds;

        public void Add(double waited, RunEnd end, JobState state)
        {
            switch (state)
            {
                case JobState.Succeeded: _succeeded++; break;
                case JobState.Failed: _failed++; break;
                case JobState.Cancelled: _cancelled++; break;
                default:
                    if (end.Counts) _retried++;
                    break;
            }

            if (!end.Began) return;
            _waits.Add(waited);
            _runs.Add(end.Ran.TotalSeconds);
            _waitSeconds += waited;
            _runSeconds += end.Ran.TotalSeconds;
        }

        public JobStat ToRow(Guid tenant, string type, DateTimeOffset minute, string node) => new()
        {
            TenantId = tenant, Type = type, At = minute, Seconds = 60, Node = node, Succeeded = _succeeded, Failed = _failed, Retried = _retried, Cancelled = _cancelled,
            WaitSeconds = _waitSeconds, RunSeconds = _runSeconds, Waits = _waits.ToBytes(), Runs = _runs.ToBytes(),
        };
    }

    private sealed class Last
    {
        public long JobId { get; private set; }

        public JobState State { get; private set; }

        public DateTimeOffset EndedAt { get; private set; }

        public DateTimeOffset? SuccessAt { get; private set; }

        public DateTimeOffset? FailureAt { get; private set; }

        public string? Error { get; private set; }

        /// <summary>Since the last success that is counted here, if there is one.</summary>
        public int Failures { get; private set; }

        public void Add(long job, JobState state, string? error, DateTimeOffset now)
        {
            (JobId, State, EndedAt) = (job, state, now);
            if (state == JobState.Succeeded) (SuccessAt, Failures) = (now, 0);
            if (state != JobState.Failed) return;
            (FailureAt, Error) = (now, error ?? Error);
            Failures++;
        }
    }
}
