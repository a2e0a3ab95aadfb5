using System.Reflection;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Writes down what people want to see on the time axis: that this portal started, and jobs of this node that failed for good, at
/// most one of a type and minute. What cannot be written waits, up to 200.
/// </summary>
internal sealed class MetricMarks(
    IDbContextFactory<AppDbContext> databases, DatabaseState database, NodeInfo node, Topic<JobChanged> jobs, IServiceScopeFactory scopes, TimeProvider time, ILogger<MetricMarks> logger) : BackgroundService
{
    public const string PortalStart = "portal.start";
    public const string JobFailed = "job.failed";

    private const int MostWaiting = 200;
    private const int MostAtOnce = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _failed = [];
    private readonly Dictionary<string, DateTimeOffset> _marked = [];
    private readonly List<MetricMark> _waiting = [];
    private bool _many, _failing;

    /// <summary>Version of this program without what the build adds behind it.</summary>
    internal static string Version { get; } =
        (typeof(MetricMarks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>Writes what has come since the last time.</summary>
    internal async Task FlushAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var job in await FailedAsync(cancellation)) Mark(job);
            if (_waiting.Count == 0) return;
            await using var db = await databases.CreateDbContextAsync(cancellation);
            foreach (var mark in _waiting) db.Add(mark);
            await db.SaveChangesAsync(cancellation);
            _waiting.Clear();
            _failing = false;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            if (!_failing) logger.MarksDelayed(error, _waiting.Count);
            _failing = true;
            // Ids that a failed save has given are not those of the next attempt.
            foreach (var mark in _waiting) mark.Id = 0;
        }
    }

    internal void Follow(JobChanged job)
    {
        if (job.State != JobState.Failed) return;
        lock (_gate)
        {
            if (job.Id == 0 || _failed.Count == MostAtOnce) _many = true;
            else _failed.Add(job.Id);
        }
    }

    internal void Started() => Wait(new MetricMark { At = node.StartedAt, Kind = PortalStart, Node = node.Name, Subject = Version, Link = "/about" });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Started();
        using var subscription = jobs.Subscribe(Follow);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await database.WhenReady(stoppingToken);
            do await FlushAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Nothing more to write down.
        }
    }

    /// <summary>The jobs that the topic named; of many at once the newest.</summary>
    private async Task<List<JobItem>> FailedAsync(CancellationToken cancellation)
    {
        long[] ids;
        bool many;
        lock (_gate)
        {
            (ids, many) = ([.. _failed], _many);
            _failed.Clear();
            _many = false;
        }
        if (ids.Length == 0 && !many) return [];
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Caller.Portal);
            var service = scope.ServiceProvider.GetRequiredService<JobsService>();
            var found = new List<JobItem>();
            foreach (var id in ids)
                if ((await service.GetAsync(id, cancellation))?.Job is { State: JobState.Failed } job) found.Add(job);
            if (many) found.AddRange(await service.LatestAsync(JobState.Failed, MostAtOnce, cancellation));
            return found;
        }
        catch
        {
            lock (_gate)
            {
                _failed.UnionWith(ids.Take(MostAtOnce));
                _many |= many;
            }
            throw;
        }
    }

    private void Mark(JobItem job)
    {
        // Every node hears of it; the one that ran it writes it down.
        var at = job.FinishedAt ?? time.GetUtcNow();
        if (job.Node != node.Name || at < time.GetUtcNow() - Recent) return;
        var minute = MetricLevels.At(MetricLevels.Floor(at.ToUnixTimeMilliseconds(), MetricLevels.Minute));
        if (_marked.TryGetValue(job.Type, out var last) && last >= minute) return;
        _marked[job.Type] = minute;
        Wait(new MetricMark { At = at, Kind = JobFailed, Node = node.Name, Subject = job.Type, Link = $"/admin/jobs?item={job.Id}" });
    }

    private void Wait(MetricMark mark)
    {
        if (_waiting.Count < MostWaiting) _waiting.Add(mark);
    }
}
