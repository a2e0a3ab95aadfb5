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
        _site.Start("heir", s => Quick(s) with { Slots = 1 });
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

    [PostgresTheory]
    [InlineData("hold")]
    [InlineData("starve")]
    public async Task Run_FarLongerThanItsLease_RunsOnceThoughOthersWatch(string act)
    {
        _site.Start("long", Patient);
        var id = (await _site.EnqueueAsync(1, _ => new TortureJob(act, "long")))[0];
        await _site.Ledger.WaitsFor(Ledger.Started, id);
        _site.Start("rival", Patient);
        var lease = (await _site.Office.ReadAsync(id)).LeaseUntil!.Value;

        await Eventually.Holds(async () => (await _site.Office.ReadAsync(id)).LeaseUntil > lease.AddSeconds(5 * 3), TortureSite.Patience, "the lease has been renewed for five times its length");
        await _site.Ledger.ReleaseAsync("long");
        await _site.AllEndAsync(0);

        var job = await _site.Office.ReadAsync(id);
        (job.State, job.Attempts, job.Node).ShouldBe((JobState.Succeeded, 1, "long"));
        (await _site.Ledger.CountOfAsync(Ledger.Started, id)).ShouldBe(1);
        await new Invariants(_site.Ledger).HoldAsync(0);
    }

    // A machine that other work keeps busy may let a heartbeat wait for more than two seconds.
    private static TortureWorkerSettings Patient(TortureWorkerSettings settings) => settings with { Lease = 3, Heartbeat = 0.2 };

    private static TortureWorkerSettings Quick(TortureWorkerSettings settings) => settings with { Lease = 2, Heartbeat = 0.2 };
}
