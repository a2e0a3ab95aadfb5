using System.Diagnostics;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>The database is away under load, for a short or a long time, dies again while it recovers, and comes back at another place (T6).</summary>
public sealed class OutageTests
{
    private const int Held = 6;

    // Shorter than the outage: every lease is over when the database is back, and nobody may take a run from its node for that.
    private const double Lease = 10;

    private static readonly TimeSpan Down = TimeSpan.FromSeconds(TortureSettings.IsLong ? 60 : 12);

    [PostgresFact]
    public async Task Outage_UnderLoadAndDuringRecovery_NoEndIsLostAndNothingSticks()
    {
        await using var server = await KillableServer.StartAsync();
        await using var site = await TortureSite.OpenAsync(server.Connection);
        using var files = new TestFolder();
        foreach (var name in new[] { "one", "two" }) await site.Start(name, s => s with { Lease = 6, Heartbeat = 0.5 }).ReadyAsync();
        var held = await site.EnqueueAsync(Held, _ => new TortureJob("file", files.Path), new() { Priority = 10 });
        await Eventually.Holds(() => Files("started") == Held, TortureSite.Patience, "the long jobs run");
        // This commit waits for the disk, and the claims before it with it: a crash forgets none of them.
        await site.Ledger.WriteAsync(0, null, 0, "test", "flushed");
        var load = await site.EnqueueAsync(300, _ => new TortureJob("work", Milliseconds: 20));
        await Eventually.Holds(async () => await site.Ledger.CountOfAsync(Ledger.Finished) > 20, TortureSite.Patience, "the load runs");

        await server.KillAsync();
        await File.WriteAllTextAsync(Path.Combine(files.Path, Ledger.Release), "");
        for (var kills = 0; kills < (TortureSettings.IsLong ? 5 : 2) || Files("finished") < Held; kills++) await server.KillAsync();

        await site.AllEndAsync(0);
        foreach (var id in held)
        {
            var job = await site.Office.ReadAsync(id);
            (job.State, job.Attempts).ShouldBe((JobState.Succeeded, 1), $"job {id} ended while nobody could write it down");
        }

        Files("started").ShouldBe(Held);
        await NothingIsLostAsync(site, load.Count);

        int Files(string what) => Directory.GetFiles(files.Path, $"*.{what}").Length;
    }

    [PostgresFact]
    public async Task Outage_LongAndOverToAnotherHost_EndsWaitAndNothingSticks()
    {
        await using var server = await KillableServer.StartAsync();
        await using var proxy = new SilentProxy(server.Connection);
        await using var site = await TortureSite.OpenAsync(proxy.Connection);
        using var files = new TestFolder();
        foreach (var name in new[] { "one", "two" }) await site.Start(name, s => s with { Lease = Lease, Heartbeat = 0.5 }).ReadyAsync();
        var held = await site.EnqueueAsync(Held, _ => new TortureJob("file", files.Path), new() { Priority = 10 });
        await Eventually.Holds(() => Files("started") == Held, TortureSite.Patience, "the long jobs run");
        await site.Ledger.WriteAsync(0, null, 0, "test", "flushed");
        var load = await site.EnqueueAsync(200, _ => new TortureJob("work", Milliseconds: 20));
        await Eventually.Holds(async () => await site.Ledger.CountOfAsync(Ledger.Finished) > 20, TortureSite.Patience, "the load runs");

        await server.StopAtOnceAsync();
        // Their ends have nowhere to go from now on.
        await File.WriteAllTextAsync(Path.Combine(files.Path, Ledger.Release), "");
        var away = Stopwatch.StartNew();
        await server.MoveAsync();
        await Eventually.Holds(() => Files("finished") == Held && away.Elapsed > Down, Down + TortureSite.Patience, "the outage lasts");
        site.Workers.ShouldAllBe(w => !w.HasExited);
        await server.StartAgainAsync(kills: 1);
        proxy.LeadTo(server.Connection);
        var back = Stopwatch.StartNew();

        foreach (var id in held)
        {
            var job = await site.ReachesAsync(id, JobState.Succeeded);
            job.Attempts.ShouldBe(1, $"job {id} ended while nobody could write it down");
        }

        // Of a quiet machine only: the reference asks for five seconds.
        if (TortureSettings.IsLong) back.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await site.AllEndAsync(0);
        Files("started").ShouldBe(Held);
        await NothingIsLostAsync(site, load.Count);

        int Files(string what) => Directory.GetFiles(files.Path, $"*.{what}").Length;
    }

    [PostgresFact]
    public async Task Failover_NewServerCannotWriteYet_EndsWaitUntilItCan()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var node = await new TestNode(database.ConnectionString, "patient").StartAsync();
        var gate = node.Work.Hold("held");
        var id = await node.EnqueueAsync(new TestJob("held"));
        await Eventually.Holds(() => gate.Inside == 1);
        await ReadOnlyAsync(true);

        gate.Open();
        await Eventually.Holds(() => node.Get<JobAcknowledger>().Waiting == 1 && node.Get<JobHeartbeat>().Silence > TimeSpan.FromSeconds(1), because: "nothing can be written");
        await ReadOnlyAsync(false);

        (await node.Reaches(id, JobState.Succeeded)).Attempts.ShouldBe(1);
        (await node.AttemptsAsync(id)).ShouldHaveSingleItem();

        async Task ReadOnlyAsync(bool on)
        {
            await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, Options = "-c default_transaction_read_only=off" }.ConnectionString);
            await admin.OpenAsync();
            // Two commits: who connects after its session was ended must find the new setting.
            await using (var set = new NpgsqlCommand($"ALTER DATABASE \"{admin.Database}\" SET default_transaction_read_only = {(on ? "on" : "off")}", admin)) await set.ExecuteNonQueryAsync();
            await using var end = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", admin);
            await end.ExecuteNonQueryAsync();
        }
    }

    private static async Task NothingIsLostAsync(TortureSite site, int load)
    {
        site.Workers.ShouldAllBe(w => !w.HasExited);
        await new Invariants(site.Ledger) { DatabaseCrashed = true, HandlersWrite = false }.HoldAsync(0);
        (await site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" <> 'Succeeded'""")).ShouldBe(0);
        (await site.Ledger.CountAsync("SELECT count(DISTINCT job_id) FROM torture_effects WHERE what = 'finished'")).ShouldBe(load);
    }
}
