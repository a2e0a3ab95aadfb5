using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>
/// Adds up what ends on this node and writes it to the statistics every five seconds, one row for each minute and type: no
/// figure is ever counted from the jobs. While the database is away the figures wait; a killed process loses the last seconds
/// of them, never a job.
/// </summary>
internal sealed class JobStatisticsWriter(IDbContextFactory<AppDbContext> databases, NodeInfo node, TimeProvider time, ILogger<JobStatisticsWriter> log) : BackgroundService
{
    private const int MostKept = 5000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Tenant, string Type, DateTimeOffset Minute), Sums> _sums = [];
    private Dictionary<(Guid Tenant, string Type), Last> _last = [];
    private readonly long[] _runs = new long[Enum.GetValues<JobState>().Length];

    /// <summary>Runs on this node since it started that brought their job into <paramref name="state"/>; queued: to be tried again.</summary>
    public long RunsTo(JobState state)
    {
        lock (_lock) return _runs[(int)state];
    }

    /// <summary>A run ended and its end is written.</summary>
    public void Count(ClaimedJob job, RunEnd end, JobState state) => Count(job.TenantId, job.Type, job.Id, job.WaitedSeconds, end, state);

    /// <summary>A job ended for good because its node was lost; whoever took it back says so.</summary>
    public void CountLost(Guid tenant, string type, long job, JobState state, string? error) =>
        Count(tenant, type, job, 0, new RunEnd(job, Guid.Empty, state, JobOutcome.NodeLost, error, Began: false), state);

    private void Count(Guid tenant, string type, long job, double waited, RunEnd end, JobState state)
    {
        var now = time.GetUtcNow();
        var minute = MinuteOf(now);
        lock (_lock)
        {
            _runs[(int)state]++;
            if (!_sums.TryGetValue((tenant, type, minute), out var sums)) _sums[(tenant, type, minute)] = sums = new Sums();
            sums.Add(waited, end, state);
            if (!state.IsFinal()) return;
            if (!_last.TryGetValue((tenant, type), out var last)) _last[(tenant, type)] = last = new Last();
            last.Add(job, state, end.Error, now);
        }
    }

    /// <summary>Writes what was counted since the last time; what cannot be written now is kept for the next.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        List<(Sums Sums, JobStat Row, int Changes)> rows;
        Dictionary<(Guid Tenant, string Type), Last> last;
        lock (_lock)
        {
            rows = [.. _sums.Where(s => s.Value.IsChanged).Select(s => (s.Value, s.Value.ToRow(s.Key.Tenant, s.Key.Type, s.Key.Minute, node.Name), s.Value.Changes))];
            if (rows.Count == 0) return;
            (last, _last) = (_last, []);
        }

        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            foreach (var (_, row, _) in rows) db.Entry(row).State = row.Id == 0 ? EntityState.Added : EntityState.Modified;
            await db.SaveChangesAsync(cancellation);
            lock (_lock)
                foreach (var (sums, row, changes) in rows) sums.IsWritten(row.Id, changes);
            foreach (var ((tenant, type), state) in last)
            {
                await WriteLastAsync(db, tenant, type, state, cancellation);
                last.Remove((tenant, type));
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            // Rows that are gone, as after a restore, are written anew.
            lock (_lock)
                foreach (var (sums, _, _) in rows) sums.IsGone();
            throw;
        }
        finally
        {
            Keep(last);
        }
    }

    /// <summary>Forgets the minutes that are over and written, and takes back what was not.</summary>
    private void Keep(Dictionary<(Guid Tenant, string Type), Last> unwritten)
    {
        var current = MinuteOf(time.GetUtcNow());
        lock (_lock)
        {
            foreach (var key in _sums.Where(s => !s.Value.IsChanged && s.Key.Minute < current).Select(s => s.Key).ToList()) _sums.Remove(key);
            if (_sums.Count > MostKept)
                foreach (var key in _sums.Keys.OrderBy(k => k.Minute).Take(_sums.Count - MostKept).ToList()) _sums.Remove(key);
            foreach (var (key, older) in unwritten)
                if (_last.TryGetValue(key, out var newer)) newer.AddOlder(older);
                else _last[key] = older;
        }
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

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
        private int _written;

        /// <summary>Of the row; 0 before it exists.</summary>
        private long _id;

        /// <summary>How many ends were added.</summary>
        public int Changes { get; private set; }

        public bool IsChanged => Changes != _written;

        /// <summary>What was added meanwhile is written the next time.</summary>
        public void IsWritten(long id, int changes) => (_id, _written) = (id, changes);

        public void IsGone() => _id = 0;

        public void Add(double waited, RunEnd end, JobState state)
        {
            Changes++;
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
            Id = _id, TenantId = tenant, Type = type, At = minute, Seconds = 60, Node = node, Succeeded = _succeeded, Failed = _failed, Retried = _retried, Cancelled = _cancelled,
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

        /// <summary>Takes in what ended before and is not written yet.</summary>
        public void AddOlder(Last older)
        {
            (FailureAt, Error) = (FailureAt ?? older.FailureAt, Error ?? older.Error);
            if (SuccessAt is not null) return;
            (SuccessAt, Failures) = (older.SuccessAt, Failures + older.Failures);
        }
    }
}
