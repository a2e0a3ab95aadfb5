using System.Collections.Concurrent;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging;

using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobClaimTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly TestNode _node = new(database.ConnectionString);

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
        await db.Set<JobAttempt>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Claim_FourCompetingNodes_TakeEachJobOnce()
    {
        const int count = 2000;
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            for (var i = 0; i < count; i++) db.Enqueue(new TestJob($"{i}"), Caller.Portal, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
        }

        var claimed = new ConcurrentBag<ClaimedJob>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            while (claimed.Count < count)
                foreach (var job in await _node.ClaimAsync($"node{number}", 17))
                    claimed.Add(job);
        })));

        claimed.Count.ShouldBe(count);
        claimed.Select(j => j.Id).Distinct().Count().ShouldBe(count);
        claimed.Select(j => j.Token).Distinct().Count().ShouldBe(count);
        claimed.ShouldAllBe(j => j.Attempt == 1);
    }

    [Fact]
    public async Task Claim_SeveralPriorities_TakesHighestThenLongestDue()
    {
        var now = DateTimeOffset.UtcNow;
        var low = await _node.EnqueueAsync(new TestJob("low"), new() { Priority = 1, DueAt = now.AddHours(-5) });
        var later = await _node.EnqueueAsync(new TestJob("later"), new() { Priority = 7, DueAt = now.AddMinutes(-1) });
        var earlier = await _node.EnqueueAsync(new TestJob("earlier"), new() { Priority = 7, DueAt = now.AddMinutes(-2) });
        var high = await _node.EnqueueAsync(new TestJob("high"), new() { Priority = 10 });

        (await _node.ClaimAsync("a", 2)).Select(j => j.Id).ShouldBe([high, earlier]);
        (await _node.ClaimAsync("a", 9)).Select(j => j.Id).ShouldBe([later, low]);
    }

    [Fact]
    public async Task Claim_DueLater_IsLeft()
    {
        await _node.EnqueueAsync(new TestJob("later"), new() { DueAt = DateTimeOffset.UtcNow.AddMinutes(5), Priority = 10 });
        var now = await _node.EnqueueAsync(new TestJob("now"), new() { Priority = 1 });

        (await _node.ClaimAsync("a")).Select(j => j.Id).ShouldBe([now]);
    }

    [Fact]
    public async Task Claim_ClockOfTheEnqueuingNodeIsAhead_IsDueAtOnce()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        var job = db.Enqueue(new TestJob("skewed"), Caller.Portal, DateTimeOffset.UtcNow.AddMinutes(10));
        await db.SaveChangesAsync();

        (await _node.ClaimAsync("a")).Select(j => j.Id).ShouldBe([job.Id]);
    }

    [Fact]
    public async Task Claim_TypeWithLittleRoom_TakesNoMoreOfIt()
    {
        for (var i = 0; i < 5; i++) await _node.EnqueueAsync(new SingleJob($"{i}"), new() { Priority = 9 });
        for (var i = 0; i < 2; i++) await _node.EnqueueAsync(new TestJob($"{i}"));

        var first = await _node.ClaimAsync("a", 7, 60, new TypeRoom("test.single", 2), new TypeRoom("test.job", 5));

        first.Count(j => j.Type == "test.single").ShouldBe(2);
        first.Count(j => j.Type == "test.job").ShouldBe(2);
        (await _node.ClaimAsync("a", 7, 60, new TypeRoom("test.other", 7))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_PriorityOutOfRange_IsRefusedAtEnqueue() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _node.EnqueueAsync(new TestJob("x"), new() { Priority = 11 }));

    [Fact]
    public async Task Write_WithLostToken_ChangesNothing()
    {
        var id = await _node.EnqueueAsync(new TestJob("zombie"));
        var zombie = (await _node.ClaimAsync("frozen", leaseSeconds: 0)).Single();
        (await _node.WithConnection(c => Task.FromResult(_node.Get<IJobSql>().TakeBack(c, null, null)))).Single().State.ShouldBe(JobState.Queued);
        var second = (await _node.ClaimAsync("other")).Single();
        second.Attempt.ShouldBe(2);
        var before = await _node.ReadAsync(id);

        var line = new ReportedLine(DateTimeOffset.UtcNow, LogLevel.Information, "from the grave");
        (await _node.WithConnection(c => _node.Get<IJobSql>().ReportAsync(c, null, [new RunReport(id, zombie.Token, 99, "late", [line])], default))).ShouldBeEmpty();
        (await _node.WithConnection(c => _node.Get<IJobSql>().FinishAsync(c, null, [End(zombie)], default))).ShouldBeEmpty();
        (await _node.WithConnection(c => Task.FromResult(_node.Get<IJobSql>().Beat(c, Beat(zombie))))).Held.ShouldBeEmpty();

        var after = await _node.ReadAsync(id);
        (after.State, after.Version, after.Token, after.Progress, after.LeaseUntil).ShouldBe((JobState.Running, before.Version, second.Token, null, before.LeaseUntil));
        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<JobLogLine>().CountAsync(l => l.JobId == id)).ShouldBe(0);

        (await _node.WithConnection(c => _node.Get<IJobSql>().FinishAsync(c, null, [End(second)], default))).Single().State.ShouldBe(JobState.Succeeded);
        (await _node.WithConnection(c => _node.Get<IJobSql>().FinishAsync(c, null, [End(second)], default))).ShouldBeEmpty();
        (await _node.AttemptsAsync(id)).Select(a => (a.Number, a.Outcome)).ShouldBe([(1, JobOutcome.NodeLost), (2, JobOutcome.Succeeded)]);
    }

    [Fact]
    public async Task TakeBack_LastAttempt_FailsWithTheReason()
    {
        var id = await _node.EnqueueAsync(new FragileJob("killer"));
        await _node.ClaimAsync("dead", leaseSeconds: 0);

        await _node.WithConnection(c => Task.FromResult(_node.Get<IJobSql>().TakeBack(c, null, null)));

        var job = await _node.ReadAsync(id);
        (job.State, job.Error).ShouldBe((JobState.Failed, "The node stopped answering while the job ran."));
        job.FinishedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task TakeBack_CancelWasAsked_Cancels()
    {
        var id = await _node.EnqueueAsync(new TestJob("x"));
        await _node.ClaimAsync("dead", leaseSeconds: 0);
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteUpdateAsync(set => set.SetProperty(j => j.CancelRequested, true));

        await _node.WithConnection(c => Task.FromResult(_node.Get<IJobSql>().TakeBack(c, null, null)));

        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Cancelled);
    }

    [PostgresFact]
    public async Task Claim_ManyWait_ReadsTheIndexOfReadyJobs()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "Jobs" ("TenantId","Type","Queue","Priority","State","Arguments","IdempotencyKey","CreatedAt","Attempts","MaxAttempts","CancelRequested","Version")
            SELECT '00000000-0000-0000-0000-000000000001','test.job','default',1 + i % 9,CASE WHEN i % 10 = 0 THEN 'Queued' ELSE 'Succeeded' END,'{{}}',i::text,now(),0,3,false,0 FROM generate_series(1, 20000) i;
            ANALYZE "Jobs";
            """);
        var plan = await _node.WithConnection(async connection =>
        {
            await using var command = new NpgsqlCommand("EXPLAIN " + PostgresJobSql.ClaimSql, (NpgsqlConnection)connection);
            command.Parameters.AddWithValue("types", new[] { "test.job" });
            command.Parameters.AddWithValue("rooms", new[] { 10 });
            command.Parameters.AddWithValue("max", 10);
            command.Parameters.AddWithValue("node", "node");
            command.Parameters.AddWithValue("lease", TimeSpan.FromSeconds(10));
            command.Parameters.AddWithValue("aged", true);
            command.Parameters.AddWithValue("patience", TimeSpan.FromMinutes(10));
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
            return string.Join('\n', lines);
        });

        plan.ShouldContain("IX_Jobs_Ready");
        plan.ShouldNotContain("Seq Scan");
        plan.ShouldNotContain("Bitmap");
    }

    private static RunEnd End(ClaimedJob job) => new(job.Id, job.Token, JobState.Succeeded, JobOutcome.Succeeded, null);

    private static NodeBeat Beat(ClaimedJob job) => new("frozen", Guid.NewGuid(), DateTimeOffset.UtcNow, 1, 1, 0, TimeSpan.FromMinutes(1), [new BeatRun(job.Id, job.Token, false, false)]);
}
