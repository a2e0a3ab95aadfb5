using BlazorAdmin.Tests.Data;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>The database is away under load, and dies again while it recovers (T6).</summary>
public sealed class OutageTests
{
    private const int Held = 6;

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
        site.Workers.ShouldAllBe(w => !w.HasExited);
        await new Invariants(site.Ledger) { DatabaseCrashed = true, HandlersWrite = false }.HoldAsync(0);
        (await site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" <> 'Succeeded'""")).ShouldBe(0);
        (await site.Ledger.CountAsync("SELECT count(DISTINCT job_id) FROM torture_effects WHERE what = 'finished'")).ShouldBe(load.Count);

        int Files(string what) => Directory.GetFiles(files.Path, $"*.{what}").Length;
    }
}
