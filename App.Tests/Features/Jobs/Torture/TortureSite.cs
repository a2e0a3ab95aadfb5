using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>A database with a ledger, the workers on it, and a node that only enqueues and looks.</summary>
internal sealed class TortureSite : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<TortureWorker> _workers = [];

    private TortureSite(string connectionString)
    {
        Connection = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 40 }.ConnectionString;
        Ledger = new Ledger(Connection);
        Office = new TestNode(Connection, "office", more: services => services.AddSingleton(Ledger).AddScoped<TortureHandler>()
            .AddSingleton(JobType.Of<TortureJob, TortureHandler>()).AddSingleton(JobType.Of<PoisonJob, TortureHandler>()));
    }

    public string Connection { get; }

    public Ledger Ledger { get; }

    public TestNode Office { get; }

    public IReadOnlyList<TortureWorker> Workers => _workers;

    public static async Task<TortureSite> OpenAsync(string connectionString)
    {
        var site = new TortureSite(connectionString);
        await site.Ledger.CreateAsync();
        return site;
    }

    public TortureWorker Start(string name, Func<TortureWorkerSettings, TortureWorkerSettings>? with = null)
    {
        var settings = new TortureWorkerSettings(Connection, name);
        var worker = TortureWorker.Start(with?.Invoke(settings) ?? settings);
        _workers.Add(worker);
        return worker;
    }

    public async Task<IReadOnlyList<long>> EnqueueAsync(int count, Func<int, TortureJob> job, EnqueueOptions? options = null)
    {
        await using var db = await Office.Databases.CreateDbContextAsync();
        return await Office.Get<JobQueue>().EnqueueManyAsync(db, [.. Enumerable.Range(0, count).Select(job)], Caller.Portal, options);
    }

    /// <summary>Waits, with the patience that a busy machine needs, until the job is in <paramref name="state"/>.</summary>
    public async Task<Job> ReachesAsync(long id, JobState state)
    {
        Job? job = null;
        await Eventually.Holds(async () => (job = await Office.ReadAsync(id)).State == state, Patience, $"job {id} is {state}");
        return job!;
    }

    /// <summary>Waits of retries are over: nobody waits for the clock.</summary>
    public Task SkipWaitsAsync() => Ledger.ExecuteAsync("""UPDATE "Jobs" SET "DueAt" = now() WHERE "State" = 'Queued' AND "DueAt" > now()""");

    public async Task AllEndAsync(int seed, TimeSpan? timeout = null)
    {
        var open = -1L;
        try
        {
            await Eventually.Holds(async () =>
            {
                await SkipWaitsAsync();
                return (open = await Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" IN ('Queued', 'Running', 'Waiting')""")) == 0;
            }, timeout ?? Patience);
        }
        catch (TimeoutException)
        {
            // The ledger of what did not end says more than the number.
            await new Invariants(Ledger) { DatabaseCrashed = true, HandlersWrite = false }.HoldAsync(seed);
            throw new TimeoutException($"seed {seed}: {open} jobs did not end.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) worker.Dispose();
        await Office.DisposeAsync();
        await Ledger.DisposeAsync();
    }
}
