using System.Collections.Frozen;
using System.Data.Common;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Random commands against the store and a model without one: both are the same after every command (T23).</summary>
public sealed class ModelTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private const int Commands = 60;

    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, "10.0.0.1", new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly string[] Nodes = ["one", "two", "three"];

    [PostgresFact]
    public async Task Commands_RandomSequences_StoreAndModelAgree()
    {
        await using var node = new TestNode(database.ConnectionString, "model", more: services => JobsSetup.AddTab(services));
        foreach (var seed in TortureSettings.Seeds(20))
        {
            await using var db = await node.Databases.CreateDbContextAsync();
            await db.Set<Job>().ExecuteDeleteAsync();
            await db.Set<JobAttempt>().ExecuteDeleteAsync();
            await db.Set<JobLogLine>().ExecuteDeleteAsync();
            await db.Database.OpenConnectionAsync();
            var sequence = new Sequence(node, db, new Random(seed));
            for (var step = 0; step < Commands; step++)
            {
                try
                {
                    await sequence.StepAsync();
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    throw new ShouldAssertException($"seed {seed}, after:\n{string.Join('\n', sequence.Done)}\n{exception.Message}", exception);
                }
            }
        }
    }

    private sealed class Sequence(TestNode node, AppDbContext db, Random random)
    {
        private readonly JobModel _model = new();
        private readonly List<(long Id, Guid Token)> _runs = [];
        private readonly IJobSql _sql = node.Get<IJobSql>();

        public List<string> Done { get; } = [];

        private DbConnection Connection => db.Database.GetDbConnection();

        public async Task StepAsync()
        {
            await (random.Next(20) switch
            {
                < 4 => EnqueueAsync(),
                < 8 => ClaimAsync(),
                < 9 => ReportAsync(),
                < 14 => FinishAsync(),
                < 15 => BeatAsync(),
                < 16 => TakeBackAsync(),
                < 18 => CommandAsync("cancel", s => s.CancelAsync, _model.Cancel),
                _ => CommandAsync("retry", s => s.RetryAsync, id => _model.Retry(id, node.Get<JobTypes>().Find(_model[id].Type)!.Rules.MaxAttempts)),
            });
            await CompareAsync();
        }

        private async Task EnqueueAsync()
        {
            var (priority, minutes, fragile) = (random.Next(1, 11), random.Next(1, 100_000), random.Next(3) == 0);
            var options = new EnqueueOptions { Priority = priority, DueAt = DateTimeOffset.UnixEpoch.AddMinutes(minutes) };
            var id = fragile ? await node.EnqueueAsync(new FragileJob("x"), options) : await node.EnqueueAsync(new TestJob("x"), options);
            Done.Add($"enqueue {id} fragile {fragile} priority {priority} due {minutes}");
            _model.Enqueue(id, fragile ? "test.fragile" : "test.job", priority, fragile ? 1 : 3, minutes);
        }

        private async Task ClaimAsync()
        {
            var (max, who, expired, narrow) = (random.Next(1, 6), Nodes[random.Next(Nodes.Length)], random.Next(3) == 0, random.Next(3) == 0);
            var rooms = new Dictionary<string, int> { ["test.job"] = narrow ? random.Next(1, 3) : max, ["test.fragile"] = narrow ? random.Next(1, 3) : max };
            if (random.Next(4) == 0) rooms.Remove(random.Next(2) == 0 ? "test.job" : "test.fragile");
            var claimed = await _sql.ClaimAsync(Connection, new JobClaim(who, Lease(expired), max, [.. rooms.Select(r => new TypeRoom(r.Key, r.Value))]), default);
            Done.Add($"claim by {who} max {max} rooms {string.Join(' ', rooms)} expired {expired}: {string.Join(' ', claimed.Select(c => c.Id))}");
            _model.Claim(claimed, rooms, max, who, expired);
            _runs.AddRange(claimed.Select(c => (c.Id, c.Token)));
        }

        private async Task ReportAsync()
        {
            var reports = Pick(3).Select(r => new RunReport(r.Id, r.Token, random.Next(100), "going on", [new ReportedLine(DateTimeOffset.UtcNow, LogLevel.Information, "line")])).ToList();
            Done.Add($"report {string.Join(' ', reports.Select(r => (r.JobId, r.Token, r.Progress)))}");
            var rows = await _sql.ReportAsync(Connection, null, reports, default);
            rows.Select(r => r.Token).Order().ShouldBe(reports.Where(r => _model.Report(r.JobId, r.Token, r.Progress!.Value)).Select(r => r.Token).Order());
        }

        private async Task FinishAsync()
        {
            var ends = Pick(3).Select(End).ToList();
            Done.Add($"finish {string.Join(' ', ends.Select(e => (e.JobId, e.Token, e.State, e.Outcome, e.Delay, e.Counts, e.Began)))}");
            var rows = await _sql.FinishAsync(Connection, null, ends, default);
            var expected = ends.Select(e => (e.Token, State: _model.Finish(e))).Where(e => e.State is not null).Select(e => (e.Token, e.State!.Value)).OrderBy(e => e.Token);
            rows.Select(r => (r.Token, r.State)).OrderBy(r => r.Token).ShouldBe(expected);
        }

        private RunEnd End((long Id, Guid Token) run) => random.Next(9) switch
        {
            0 => new(run.Id, run.Token, JobState.Failed, JobOutcome.Failed, "for good"),
            1 => new(run.Id, run.Token, JobState.Queued, JobOutcome.Failed, "again", TimeSpan.Zero),
            2 => new(run.Id, run.Token, JobState.Queued, JobOutcome.TimedOut, "later", TimeSpan.FromDays(1)),
            3 => new(run.Id, run.Token, JobState.Queued, JobOutcome.Interrupted, "the node shut down", Counts: false),
            4 => new(run.Id, run.Token, JobState.Queued, JobOutcome.Interrupted, null, Counts: false, Began: false),
            5 => new(run.Id, run.Token, JobState.Queued, JobOutcome.Snoozed, "busy", TimeSpan.FromDays(1), Counts: false),
            6 => new(run.Id, run.Token, JobState.Cancelled, JobOutcome.Cancelled, "cancelled"),
            _ => new(run.Id, run.Token, JobState.Succeeded, JobOutcome.Succeeded, null),
        };

        private async Task BeatAsync()
        {
            var (who, expired) = (Nodes[random.Next(Nodes.Length)], random.Next(3) == 0);
            var runs = Pick(5).Select(r => new BeatRun(r.Id, r.Token, random.Next(3) == 0, random.Next(3) == 0)).ToList();
            Done.Add($"beat of {who} expired {expired}: {string.Join(' ', runs)}");
            var held = _sql.Beat(Connection, new NodeBeat(who, Guid.NewGuid(), DateTimeOffset.UtcNow, 1, 1, 0, Lease(expired), runs)).Held;
            held.Select(h => (h.Token, h.CancelRequested)).OrderBy(h => h.Token)
                .ShouldBe(runs.Where(r => _model.Beat(r, expired)).Select(r => (r.Token, _model[r.JobId].CancelRequested)).OrderBy(r => r.Token));
            await Task.CompletedTask;
        }

        private async Task TakeBackAsync()
        {
            var who = random.Next(2) == 0 ? null : Nodes[random.Next(Nodes.Length)];
            Done.Add($"take back from {who ?? "those whose lease ended"}");
            var rows = _sql.TakeBack(Connection, null, who);
            rows.ToDictionary(r => r.Id, r => r.State).OrderBy(r => r.Key).ShouldBe(_model.TakeBack(who, JobReasons.Lost(who)).OrderBy(r => r.Key));
            // What waits for seconds waits for ever here: the test must not depend on how long it takes.
            await db.Set<Job>().Where(j => j.State == JobState.Queued && j.DueAt > DateTimeOffset.UtcNow).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, j => j.DueAt.AddDays(1)));
        }

        private async Task CommandAsync(string name, Func<JobsService, Func<long, CancellationToken, Task<JobCommandResult>>> command, Func<long, JobCommandResult> model)
        {
            if (_model.Jobs.Count == 0) return;
            var id = _model.Jobs.ElementAt(random.Next(_model.Jobs.Count)).Id;
            Done.Add($"{name} {id}");
            using var scope = node.Scope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
            (await command(scope.ServiceProvider.GetRequiredService<JobsService>())(id, default)).ShouldBe(model(id));
        }

        /// <summary>Runs that go on, and runs that lost their job long ago.</summary>
        private List<(long Id, Guid Token)> Pick(int most)
        {
            var held = _model.Held.Select(j => (j.Id, j.Token!.Value)).OrderBy(_ => random.Next()).Take(random.Next(1, most + 1));
            var stale = _runs.Where(r => _model[r.Id].Token != r.Token).OrderBy(_ => random.Next()).Take(random.Next(2));
            return [.. held, .. stale];
        }

        private async Task CompareAsync()
        {
            var jobs = await db.Set<Job>().AsNoTracking().OrderBy(j => j.Id).ToListAsync();
            var attempts = (await db.Set<JobAttempt>().AsNoTracking().ToListAsync()).ToLookup(a => a.JobId);
            var lines = (await db.Set<JobLogLine>().AsNoTracking().ToListAsync()).ToLookup(l => l.JobId);
            var stored = jobs.Select(j =>
            {
                j.LeaseUntil.HasValue.ShouldBe(j.Token is not null);
                var row = new ModelJob
                {
                    Id = j.Id, Type = j.Type, Priority = j.Priority, State = j.State, Attempts = j.Attempts, MaxAttempts = j.MaxAttempts, Version = j.Version, Token = j.Token, Node = j.Node,
                    CancelRequested = j.CancelRequested, Stopping = j.StopRequestedAt is not null, Stuck = j.StuckAt is not null, Progress = j.Progress, Error = j.Error, Lines = lines[j.Id].Count(),
                    FinishedAt = j.FinishedAt is null ? null : (0, 0),
                };
                row.History.AddRange(attempts[j.Id].Select(a => (a.Token, a.Number, a.Outcome)));
                return row.ToString();
            });
            stored.ShouldBe(_model.Jobs.Select(j => j.ToString()));
        }

        private static TimeSpan Lease(bool expired) => expired ? TimeSpan.FromSeconds(-1) : TimeSpan.FromHours(1);
    }
}
