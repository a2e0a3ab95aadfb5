using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Processes that stand still and come back (T4), and runs far longer than their lease (T5).</summary>
public sealed class FrozenTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TortureSite _site = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _site = await TortureSite.OpenAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task Zombie_FrozenPastItsLease_ChangesNothingWhenItComesBack()
    {
        var zombie = _site.Start("zombie", Quick);
        var id = (await _site.EnqueueAsync(1, _ => new TortureJob("deaf", "z")))[0];
        await _site.Ledger.WaitsFor(Ledger.Started, id);
        zombie.Freeze();
        _site.Start("heir", s => Quick(s) with { Slots = 1, Lease = 30 });
        await _site.Ledger.WaitsFor(Ledger.Started, id, 2);
        var before = await _site.Office.ReadAsync(id);

        // The first run awakes and reports, logs and ends while the second goes on.
        await _site.Ledger.ReleaseAsync("z-1");
        zombie.Thaw();
        await _site.Ledger.WaitsFor(Ledger.Finished, id);
        // Ends are written in their order, so this one is written after the zombie's own.
        var witness = (await _site.EnqueueAsync(1, _ => new TortureJob("work")))[0];
        (await _site.ReachesAsync(witness, JobState.Succeeded)).Node.ShouldBe("zombie");
        var between = await _site.Office.ReadAsync(id);
        (between.State, between.Token, between.Version, between.Progress, between.Node).ShouldBe((JobState.Running, before.Token, before.Version, null, "heir"));

        await _site.Ledger.ReleaseAsync("z-2");
        await _site.AllEndAsync(0);
        (await _site.Office.AttemptsAsync(id)).Select(a => (a.Number, a.Node, a.Outcome)).ShouldBe([(1, "zombie", JobOutcome.NodeLost), (2, "heir", JobOutcome.Succeeded)]);
        await using var db = await _site.Office.Databases.CreateDbContextAsync();
        (await db.Set<JobLogLine>().Where(l => l.JobId == id).Select(l => l.Message).ToListAsync()).ShouldBe(["run 2"]);
        await new Invariants(_site.Ledger).HoldAsync(0);
    }

    [PostgresFact]
    public async Task Run_FarLongerThanItsLease_RunsOnceThoughOthersWatch()
    {
        // Side by side: five times the lease takes its time.
        string[] acts = ["hold", "starve"];
        var runs = new List<(string Node, long Id, DateTimeOffset Lease)>();
        foreach (var act in acts)
        {
            _site.Start(act, s => Patient(s) with { Slots = 1 });
            var id = (await _site.EnqueueAsync(1, _ => new TortureJob(act, "long")))[0];
            await _site.Ledger.WaitsFor(Ledger.Started, id);
            runs.Add((act, id, (await _site.Office.ReadAsync(id)).LeaseUntil!.Value));
        }
        _site.Start("rival", Patient);

        foreach (var run in runs)
            await Eventually.Holds(async () => (await _site.Office.ReadAsync(run.Id)).LeaseUntil > run.Lease.AddSeconds(5 * 10), TortureSite.Patience, $"the lease of {run.Node} has been renewed for five times its length");
        await _site.Ledger.ReleaseAsync("long");
        await _site.AllEndAsync(0);

        foreach (var run in runs)
        {
            var job = await _site.Office.ReadAsync(run.Id);
            (job.State, job.Attempts, job.Node).ShouldBe((JobState.Succeeded, 1, run.Node));
            (await _site.Ledger.CountOfAsync(Ledger.Started, run.Id)).ShouldBe(1);
        }
        await new Invariants(_site.Ledger).HoldAsync(0);
    }

    // A machine that other work keeps busy may let a heartbeat wait for some seconds.
    private static TortureWorkerSettings Patient(TortureWorkerSettings settings) => settings with { Lease = 10, Heartbeat = 0.2 };

    private static TortureWorkerSettings Quick(TortureWorkerSettings settings) => settings with { Lease = 2, Heartbeat = 0.2 };
}
