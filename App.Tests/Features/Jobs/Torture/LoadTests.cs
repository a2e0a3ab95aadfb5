using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Many jobs on several nodes (T3), urgent ones among many others (T12), and a transaction that is held all the while (T17).</summary>
public sealed class LoadTests : IAsyncLifetime
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

    private const int TortureWorkerSlots = 4;

    [PostgresFact]
    public async Task Nodes_ShareManyJobs_EachRunsOnce()
    {
        var (nodes, count) = TortureSettings.IsLong ? (4, 100_000) : (2, 2_000);
        for (var i = 0; i < nodes; i++) await _site.Start($"n{i}").ReadyAsync();

        // As many as there are slots, and none ends before all have begun: so every node has its share.
        var slots = nodes * TortureWorkerSlots;
        foreach (var id in await _site.EnqueueAsync(slots, _ => new TortureJob("hold", "share"))) await _site.Ledger.WaitsFor(Ledger.Started, id);
        (await _site.Ledger.CountAsync("SELECT count(DISTINCT node) FROM torture_effects")).ShouldBe(nodes, "all took their share");
        await _site.Ledger.ReleaseAsync("share");

        foreach (var part in Enumerable.Range(0, count).Chunk(2_000)) await _site.EnqueueAsync(part.Length, _ => new TortureJob("work"));

        await EachRanOnceAsync(count + slots);
    }

    [PostgresFact]
    public async Task Snapshot_HeldUnderLoad_LeavesNoBacklogAndLosesNothing()
    {
        var waves = TortureSettings.IsLong ? 60 : 4;
        for (var i = 0; i < 2; i++) await _site.Start($"n{i}").ReadyAsync();
        await using var holder = new NpgsqlConnection(_site.Connection);
        await holder.OpenAsync();
        await using var held = await holder.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var look = new NpgsqlCommand("""SELECT count(*) FROM "Jobs" """, holder, held);
        (await look.ExecuteScalarAsync()).ShouldBe(0L);

        for (var wave = 1; wave <= waves; wave++)
        {
            await _site.EnqueueAsync(500, _ => new TortureJob("work"));
            // The next one comes when nothing is left of this one.
            await _site.AllEndAsync(0);
        }

        (await look.ExecuteScalarAsync()).ShouldBe(0L, "the snapshot was held all the while");
        await EachRanOnceAsync(500 * waves);
    }

    [PostgresFact]
    public async Task Priority_UrgentJobAmongManyOthers_StartsBeforeMoreThanABufferOfThem()
    {
        const int largestClaim = 500 + 4;
        var count = TortureSettings.IsLong ? 200_000 : 20_000;
        foreach (var part in Enumerable.Range(0, count).Chunk(10_000)) await _site.EnqueueAsync(part.Length, _ => new TortureJob("work"), new() { Priority = 1 });
        await _site.Start("busy").ReadyAsync();

        for (var i = 0; i < 3; i++)
        {
            var running = await _site.Ledger.CountOfAsync(Ledger.Started);
            await Eventually.Holds(async () => await _site.Ledger.CountOfAsync(Ledger.Started) > running + 50, TortureSite.Patience, "it is busy");
            var urgent = (await _site.EnqueueAsync(1, _ => new TortureJob("work"), new() { Priority = 10 }))[0];
            await _site.Ledger.WaitsFor(Ledger.Started, urgent);

            // One claim may have been on its way; what was in the buffer is less urgent and waits.
            (await _site.Ledger.CountAsync("""
                SELECT count(*) FROM torture_trail WHERE new_state = 'Running' AND priority = 1
                  AND seq > (SELECT seq FROM torture_trail WHERE job_id = $1 AND old_state IS NULL) AND seq < (SELECT seq FROM torture_trail WHERE job_id = $1 AND new_state = 'Running')
                """, urgent)).ShouldBeLessThanOrEqualTo(largestClaim);
        }

        (await _site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" = 'Queued' AND "Priority" = 1""")).ShouldBeGreaterThan(0, "the others still wait");
    }

    private async Task EachRanOnceAsync(int count)
    {
        await _site.AllEndAsync(0, TimeSpan.FromMinutes(TortureSettings.IsLong ? 30 : 3));
        await new Invariants(_site.Ledger).HoldAsync(0);
        (await _site.Ledger.CountOfAsync(Ledger.Started)).ShouldBe(count);
        (await _site.Ledger.CountOfAsync(Ledger.Finished)).ShouldBe(count);
        (await _site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" = 'Succeeded' AND "Attempts" = 1""")).ShouldBe(count);
    }
}
