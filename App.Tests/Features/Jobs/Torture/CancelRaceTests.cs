using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Two people cancel and retry jobs that wait, run, fail, stop and end at the same time (T15).</summary>
public sealed class CancelRaceTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, "10.0.0.1", new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly string[] Acts = ["quick", "flaky", "held", "deaf", "angry", "later"];

    [PostgresFact]
    public async Task Commands_AtEveryMoment_LeaveOneLegalFinalState()
    {
        var bus = new TestBus();
        await using var ledger = new Ledger(database.ConnectionString);
        await ledger.CreateAsync();
        await using var node = new TestNode(database.ConnectionString, "racer", bus: bus);
        var persons = new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Ledger.Person }.ConnectionString;
        await using var office = new TestNode(persons, "office", node.Work, bus, more: services => JobsSetup.AddTab(services));
        var gates = Teach(node.Work);
        await node.StartAsync();

        foreach (var seed in TortureSettings.Seeds(30))
        {
            var random = new Random(seed);
            var ids = new List<long>();
            for (var i = 0; i < 3; i++)
            {
                var due = random.Next(4) == 0 ? DateTimeOffset.UtcNow.AddDays(1) : (DateTimeOffset?)null;
                ids.Add(await office.EnqueueAsync(new TestJob(Acts[random.Next(Acts.Length)]), new() { DueAt = due }));
            }

            var gate = Task.Run(async () =>
            {
                for (var i = random.Next(200); i > 0; i--) await Task.Yield();
                gates.Open();
            });
            await Task.WhenAll([gate, .. Enumerable.Range(0, 2).Select(_ => PersonAsync(office, ids, new Random(random.Next())))]);
            // What is due tomorrow, or was told nothing, ends by a last command.
            try
            {
                foreach (var id in ids) await Eventually.Holds(() => HasEndedAsync(id));
            }
            catch (TimeoutException)
            {
                // Tells the seed and what became of the job.
                await new Invariants(ledger) { HandlersWrite = false, From = ids[0] }.HoldAsync(seed);
                throw;
            }

            await new Invariants(ledger) { HandlersWrite = false, From = ids[0] }.HoldAsync(seed);
            foreach (var id in ids) await HistoryFitsAsync(node, id, seed);
        }

        async Task<bool> HasEndedAsync(long id)
        {
            gates.Open();
            var job = await node.ReadAsync(id);
            if (job.State == JobState.Queued && job.DueAt > DateTimeOffset.UtcNow.AddHours(1)) await CommandAsync(office, s => s.CancelAsync(id));
            return job.State.IsFinal();
        }
    }

    private static async Task PersonAsync(TestNode office, IReadOnlyList<long> ids, Random random)
    {
        for (var i = 0; i < 4; i++)
        {
            var id = ids[random.Next(ids.Count)];
            if (random.Next(3) > 0) await CommandAsync(office, s => s.CancelAsync(id));
            else await CommandAsync(office, s => s.RetryAsync(id));
            for (var pause = random.Next(100); pause > 0; pause--) await Task.Yield();
        }
    }

    private static async Task CommandAsync(TestNode office, Func<JobsService, Task<JobCommandResult>> command)
    {
        using var scope = office.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
        (await command(scope.ServiceProvider.GetRequiredService<JobsService>())).ShouldNotBe(JobCommandResult.NotFound);
    }

    /// <summary>The state is what the last run, or the last command, made it.</summary>
    private static async Task HistoryFitsAsync(TestNode node, long id, int seed)
    {
        var job = await node.ReadAsync(id);
        var last = (await node.AttemptsAsync(id)).LastOrDefault();
        if (job.State == JobState.Succeeded) last.ShouldNotBeNull().Outcome.ShouldBe(JobOutcome.Succeeded, $"seed {seed}, job {id}");
        if (job.State == JobState.Failed) last.ShouldNotBeNull().Outcome.ShouldBe(JobOutcome.Failed, $"seed {seed}, job {id}");
        (job.Token, job.LeaseUntil, job.FinishedAt is null).ShouldBe((null, null, false), $"seed {seed}, job {id}");
    }

    private static Gates Teach(TestWork work)
    {
        var gates = new Gates();
        work.On("flaky", job => { if (job.Attempt % 2 == 1) throw new InvalidOperationException("flaky"); });
        work.On("held", (_, cancellation) => gates.PassAsync(cancellation));
        work.On("deaf", (_, _) => gates.PassAsync(CancellationToken.None));
        work.On("angry", async (_, cancellation) =>
        {
            try
            {
                await gates.PassAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                throw new JobFailedException("It does not like to be cancelled.");
            }
        });
        work.On("later", job => { if (Random.Shared.Next(2) == 0) throw new JobSnoozedException(TimeSpan.FromMilliseconds(20), "later"); });
        return gates;
    }

    /// <summary>One gate after the other: who comes after the opening waits for the next.</summary>
    private sealed class Gates
    {
        private volatile TaskCompletionSource _gate = New();

        public void Open() => Interlocked.Exchange(ref _gate, New()).TrySetResult();

        public Task PassAsync(CancellationToken cancellation) => _gate.Task.WaitAsync(cancellation);

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
