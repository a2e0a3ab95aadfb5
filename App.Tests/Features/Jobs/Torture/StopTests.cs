using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Workers that are asked to stop (T16).</summary>
public sealed class StopTests
{
    [PostgresFact]
    public async Task Terminate_TwentyRunning_SomeEndAndTheRestGoesBackUncounted()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        var worker = site.Start("leaving", s => s with { Slots = 20, Shutdown = 15 });
        var quick = await site.EnqueueAsync(10, _ => new TortureJob("hold", "quick"));
        var slow = await site.EnqueueAsync(10, _ => new TortureJob("hold", "slow"));
        await Eventually.Holds(async () => await site.Ledger.CountOfAsync(Ledger.Started) == 20, TortureSite.Patience, "all run");

        worker.Terminate();
        await site.Ledger.ReleaseAsync("quick");
        await worker.ExitAsync();

        worker.ExitCode.ShouldBe(0);
        foreach (var id in quick) (await site.Office.ReadAsync(id)).State.ShouldBe(JobState.Succeeded);
        foreach (var id in slow)
        {
            var job = await site.Office.ReadAsync(id);
            (job.State, job.Attempts, job.Token).ShouldBe((JobState.Queued, 0, null));
        }

        await site.Ledger.ReleaseAsync("slow");
        site.Start("next", s => s with { Slots = 20 });
        await site.AllEndAsync(0);
        foreach (var id in slow) (await site.Office.ReadAsync(id)).Attempts.ShouldBe(1);
        await new Invariants(site.Ledger).HoldAsync(0);
    }

    [PostgresFact]
    public async Task Restarts_UnderLoad_LoseNothingAndCountNothing()
    {
        var restarts = TortureSettings.IsLong ? 50 : 4;
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        var workers = new Queue<TortureWorker>([site.Start("a"), site.Start("b")]);
        for (var restart = 0; restart < restarts; restart++)
        {
            var finished = await site.Ledger.CountOfAsync(Ledger.Finished);
            await site.EnqueueAsync(60, _ => new TortureJob("work", Milliseconds: 30));
            await Eventually.Holds(async () => await site.Ledger.CountOfAsync(Ledger.Finished) > finished + 20, TortureSite.Patience, "work goes on");
            var old = workers.Dequeue();
            await old.ReadyAsync();
            old.Terminate();
            await old.ExitAsync();
            old.ExitCode.ShouldBe(0);
            workers.Enqueue(site.Start(old.Name));
        }

        await site.AllEndAsync(0);
        await new Invariants(site.Ledger).HoldAsync(0);
        (await site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" <> 'Succeeded' OR "Attempts" <> 1""")).ShouldBe(0, "no restart costs an attempt");
    }
}
