using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Connections that fall silent without ending (T7).</summary>
public sealed class NetworkTests
{
    // What only these connections of a worker say.
    private const string Listening = "listen blazoradmin_live", Claiming = "WITH RECURSIVE heads", Ending = "WITH ended AS", Beating = "INSERT INTO \"WorkerNodes\"";

    [PostgresFact]
    public async Task Listen_HalfOpen_PollingTakesOverAndTheBusConnectsAgain()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        await using var proxy = new SilentProxy(site.Connection);
        await site.Start("deaf", s => s with { Connection = proxy.Connection, Bus = true }).ReadyAsync();
        await Eventually.Holds(() => proxy.Speaking(Listening) == 1, TortureSite.Patience, "it listens");

        proxy.Silence(Listening).ShouldBe(1);
        var id = (await site.EnqueueAsync(1, _ => new TortureJob("work")))[0];

        await site.Ledger.WaitsFor(Ledger.Finished, id);
        await Eventually.Holds(() => proxy.Speaking(Listening) == 1, TortureSite.Patience, "it listens again");
        await site.AllEndAsync(0);
        await new Invariants(site.Ledger).HoldAsync(0);
    }

    [PostgresTheory]
    [InlineData(Claiming)]
    [InlineData(Ending)]
    public async Task Engine_OneConnectionIsABlackHole_GoesOnOverANewOne(string words)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        await using var proxy = new SilentProxy(site.Connection);
        await site.Start("cut", s => s with { Connection = proxy.Connection }).ReadyAsync();
        var before = (await site.EnqueueAsync(1, _ => new TortureJob("hold", "cut")))[0];
        var first = (await site.EnqueueAsync(1, _ => new TortureJob("work")))[0];
        await site.ReachesAsync(first, JobState.Succeeded);
        await site.Ledger.WaitsFor(Ledger.Started, before);

        proxy.Silence(words).ShouldBeGreaterThan(0);
        await site.Ledger.ReleaseAsync("cut");
        await site.EnqueueAsync(10, _ => new TortureJob("work"));

        await site.AllEndAsync(0);
        (await site.Office.ReadAsync(before)).Attempts.ShouldBe(1);
        await new Invariants(site.Ledger).HoldAsync(0);
    }

    [PostgresFact]
    public async Task Heartbeat_ItsConnectionIsABlackHole_RenewsOverANewOneBeforeTheLeaseEnds()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        await using var proxy = new SilentProxy(site.Connection);
        // The portal's own settings.
        await site.Start("cut", s => s with { Connection = proxy.Connection, Lease = 12, Heartbeat = 3 }).ReadyAsync();
        var id = (await site.EnqueueAsync(1, _ => new TortureJob("hold", "cut")))[0];
        await site.Ledger.WaitsFor(Ledger.Started, id);

        proxy.Silence(Beating).ShouldBe(1);
        var lease = (await site.Office.ReadAsync(id)).LeaseUntil!.Value;
        await Eventually.Holds(async () => (await site.Office.ReadAsync(id)).LeaseUntil > lease, TortureSite.Patience, "the lease is renewed");

        // Both on the database's clock: between the two, any other node would have taken the job.
        (await site.Office.ReadAsync(id)).LeaseUntil!.Value.AddSeconds(-12).ShouldBeLessThan(lease, "it was renewed before it ended");
        await site.Ledger.ReleaseAsync("cut");

        await site.AllEndAsync(0);
        await new Invariants(site.Ledger).HoldAsync(0);
    }
}
