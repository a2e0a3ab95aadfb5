using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Jobs that throw, kill their process, never end, cannot be read or are of no known type (T10).</summary>
public sealed class PoisonTests
{
    [PostgresFact]
    public async Task Poison_OfEveryKind_IsCountedAndLaidAsideWhileTheOthersRun()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        var thrown = await site.Office.EnqueueAsync(new PoisonJob("throw"));
        var endless = await site.Office.EnqueueAsync(new PoisonJob("endless"));
        var unreadable = await site.Office.EnqueueAsync(new PoisonJob("throw"));
        var unknown = await site.Office.EnqueueAsync(new PoisonJob("throw"));
        await site.Ledger.ExecuteAsync("""UPDATE "Jobs" SET "Arguments" = '[1' WHERE "Id" = $1""", unreadable);
        await site.Ledger.ExecuteAsync("""UPDATE "Jobs" SET "Type" = 'torture.unknown' WHERE "Id" = $1""", unknown);
        var worker = site.Start("poisoned");
        var healthy = await site.EnqueueAsync(60, _ => new TortureJob("work", Milliseconds: 5));
        await Eventually.Holds(async () => await site.Ledger.CountOfAsync(Ledger.Finished) == healthy.Count, TortureSite.Patience, "the healthy ones run beside the endless one");

        // It ignores its time-out, is shown as stuck, and its slot is somebody else's.
        await Eventually.Holds(async () => (await site.Office.ReadAsync(endless)).StuckAt is not null, TortureSite.Patience, "the endless one is stuck");
        worker.HasExited.ShouldBeFalse();
        foreach (var id in new[] { thrown, unreadable }) await site.ReachesAsync(id, JobState.Failed);

        var deadly = await site.Office.EnqueueAsync(new PoisonJob("die"));
        await worker.ExitAsync();
        var again = site.Start("poisoned");
        await Eventually.Holds(async () =>
        {
            await site.SkipWaitsAsync();
            return again.HasExited;
        }, TortureSite.Patience, "the deadly one kills it again");

        // The endless one has had its second attempt with the second process.
        var last = site.Start("poisoned");
        foreach (var id in new[] { deadly, endless })
            await Eventually.Holds(async () =>
            {
                await site.SkipWaitsAsync();
                var job = await site.Office.ReadAsync(id);
                return job.State == JobState.Failed || job.StuckAt is not null;
            }, TortureSite.Patience, $"job {id} is laid aside");
        var more = await site.EnqueueAsync(20, _ => new TortureJob("work"));
        foreach (var id in more) await site.ReachesAsync(id, JobState.Succeeded);
        (await site.Ledger.CountOfAsync(Ledger.Finished)).ShouldBe(healthy.Count + more.Count, "the node goes on");
        last.HasExited.ShouldBeFalse();

        await Is(thrown, JobState.Failed, 2, "InvalidOperationException: poison");
        await Is(unreadable, JobState.Failed, 1, "The arguments of torture.poison cannot be read");
        await Is(deadly, JobState.Failed, 2, "The node was started anew while the job ran.");
        (await site.Office.AttemptsAsync(deadly)).Select(a => a.Outcome).ShouldBe([JobOutcome.NodeLost, JobOutcome.NodeLost]);
        var stranger = await site.Office.ReadAsync(unknown);
        (stranger.State, stranger.Attempts).ShouldBe((JobState.Queued, 0), "another node may know its type");
        await new Invariants(site.Ledger) { MayBeOpen = [unknown, endless] }.HoldAsync(0);

        async Task Is(long id, JobState state, int attempts, string error)
        {
            var job = await site.Office.ReadAsync(id);
            (job.State, job.Attempts).ShouldBe((state, attempts));
            job.Error.ShouldNotBeNull().ShouldStartWith(error);
        }
    }
}
