using BlazorAdmin.Tests.Data;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Workers and the database die at random moments (T1), and between an effect and its acknowledgement (T2).</summary>
public sealed class KillTests
{
    [PostgresFact]
    public async Task Kill_WorkersAndDatabaseAtRandomMoments_NothingIsLostAndNothingEndsTwice()
    {
        var seed = TortureSettings.NewSeed();
        var random = new Random(seed);
        await using var server = await KillableServer.StartAsync();
        await using var site = await TortureSite.OpenAsync(server.Connection);
        var names = 3;
        var living = Enumerable.Range(0, 3).Select(i => site.Start($"w{i}", Mortal)).ToList();
        foreach (var worker in living) await worker.ReadyAsync();

        for (var round = 0; round < TortureSettings.Rounds; round++)
        {
            var moment = 0L;
            await Eventually.Holds(async () => (moment = await site.Ledger.CountOfAsync(Ledger.Started) + random.Next(1, 40)) > 0, TortureSite.Patience);
            await Eventually.Holds(async () => (await site.EnqueueAsync(40, _ => new TortureJob("work", Milliseconds: 40))).Count == 40, TortureSite.Patience);
            await Eventually.Holds(async () =>
            {
                await site.SkipWaitsAsync();
                return await site.Ledger.CountOfAsync(Ledger.Started) >= moment;
            }, TortureSite.Patience, $"seed {seed}, round {round}: work goes on");
            if (round % 10 == 4) await server.KillAsync();
            else if (round % 10 == 8) await KillableServer.KillSessionAsync(site.Ledger);
            else
            {
                var victim = living[random.Next(living.Count)];
                await victim.KillAsync();
                living.Remove(victim);
                // The same node starts anew and frees what it held, or another comes and the lease has to end.
                living.Add(site.Start(random.Next(2) == 0 ? victim.Name : $"w{names++}", Mortal));
            }
        }

        await site.AllEndAsync(seed);
        await new Invariants(site.Ledger) { DatabaseCrashed = true }.HoldAsync(seed);
        (await site.Ledger.CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" <> 'Succeeded'""")).ShouldBe(0, $"seed {seed}");
        (await site.Ledger.CountAsync("""SELECT count(*) FROM "JobAttempts" WHERE "Outcome" = 'NodeLost'""")).ShouldBeGreaterThan(0, "something was killed");
    }

    [PostgresFact]
    public async Task Kill_BetweenEffectAndEnd_RunsAgainWithTheSameKeyAndACountedAttempt()
    {
        await using var database = await BlazorAdmin.Tests.Data.TestDatabase.CreateAsync();
        await using var site = await TortureSite.OpenAsync(database.ConnectionString);
        var doomed = site.Start("doomed", s => s with { Fault = TortureHandler.BetweenEffectAndEnd, Slots = 1, Lease = 5 });
        var id = (await site.EnqueueAsync(1, _ => new TortureJob("work")))[0];
        await doomed.ExitAsync();

        site.Start("heir", s => s with { Lease = 5 });
        await site.AllEndAsync(0);

        var job = await site.Office.ReadAsync(id);
        (job.State, job.Attempts).ShouldBe((JobState.Succeeded, 2));
        (await site.Office.AttemptsAsync(id)).Select(a => (a.Number, a.Outcome, a.Node)).ShouldBe([(1, JobOutcome.NodeLost, "doomed"), (2, JobOutcome.Succeeded, "heir")]);
        var effects = (await site.Ledger.EffectsAsync()).Where(e => e.What == Ledger.Done).ToList();
        effects.Select(e => e.Attempt).ShouldBe([1, 2]);
        effects.Select(e => e.Detail).Distinct().ShouldBe([job.IdempotencyKey]);
        await new Invariants(site.Ledger).HoldAsync(0);
    }

    // What they leave is taken over soon; that one of them stands still and loses a run is one more accident.
    private static TortureWorkerSettings Mortal(TortureWorkerSettings settings) => settings with { Lease = 2, Heartbeat = 0.25 };
}
