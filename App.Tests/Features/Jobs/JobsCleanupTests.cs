using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobsCleanupTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Run_TypesWithTheirOwnRule_AreKeptShorterOrLonger()
    {
        await using var node = await new TestNode(database.ConnectionString, "rules", options: o => (o.KeepFinishedDays, o.KeepFailedDays) = (14, 90)).StartAsync();
        var now = DateTimeOffset.UtcNow;
        await using (var db = await node.Databases.CreateDbContextAsync())
        {
            db.AddRange(new JobTypeRule { Type = "test.short_kept", TenantId = AppDbContext.DefaultTenant, KeepSucceededDays = 1 }, new JobTypeRule { Type = "test.long_kept", TenantId = AppDbContext.DefaultTenant, KeepSucceededDays = 100 });
            using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
        }

        var shortOld = await AddAsync("test.short_kept", 2);
        var shortNew = await AddAsync("test.short_kept", 0.5);
        var longOld = await AddAsync("test.long_kept", 101);
        var longNew = await AddAsync("test.long_kept", 20);
        await using (var db = await node.Databases.CreateDbContextAsync())
        {
            db.AddRange(new JobLink { ParentId = shortOld, ChildId = longNew }, new JobLink { ParentId = shortNew, ChildId = longNew });
            db.AddRange(new JobUnique { TenantId = AppDbContext.DefaultTenant, Key = "gone", JobId = shortOld }, new JobUnique { TenantId = AppDbContext.DefaultTenant, Key = "stays", JobId = shortOld, Until = UniqueUntil.Expired, ExpiresAt = now.AddDays(1) });
            await db.SaveChangesAsync();
        }

        await node.Reaches(await node.EnqueueAsync(new CleanUpJobs()), JobState.Succeeded);

        await using var check = await node.Databases.CreateDbContextAsync();
        (await check.Set<Job>().Where(j => j.Type == "test.short_kept" || j.Type == "test.long_kept").Select(j => j.Id).ToListAsync()).ShouldBe([shortNew, longNew], ignoreOrder: true);
        (await check.Set<JobLink>().Select(l => l.ParentId).ToListAsync()).ShouldBe([shortNew]);
        (await check.Set<JobUnique>().Select(u => u.Key).ToListAsync()).ShouldBe(["stays"]);
        longOld.ShouldBeGreaterThan(0);

        async Task<long> AddAsync(string type, double daysAgo)
        {
            await using var db = await node.Databases.CreateDbContextAsync();
            var job = new Job
            {
                TenantId = AppDbContext.DefaultTenant, Type = type, Queue = "default", Priority = 5, State = JobState.Succeeded, Arguments = "{}", IdempotencyKey = "", CreatedAt = now, DueAt = now, FinishedAt = now.AddDays(-daysAgo), MaxAttempts = 1,
            };
            db.Add(job);
            await db.SaveChangesAsync();
            return job.Id;
        }
    }

    [Fact]
    public async Task Run_KeysWhosePeriodIsOver_AreForgottenAndTheOthersHold()
    {
        await using var node = await new TestNode(database.ConnectionString, "keys").StartAsync();
        var (other, now) = (Guid.NewGuid(), DateTimeOffset.UtcNow);
        await using (var db = await node.Databases.CreateDbContextAsync())
        {
            // More than one batch, of two tenants.
            db.AddRange(Enumerable.Range(0, 1100).Select(i => Key(i % 2 == 0 ? AppDbContext.DefaultTenant : other, $"over.{i}", now.AddMinutes(-1))));
            db.AddRange(Key(AppDbContext.DefaultTenant, "over.holds", now.AddHours(1)), Key(other, "holds", now.AddHours(1)), Key(other, "free", null, UniqueUntil.Finished));
            await db.SaveChangesAsync();
        }

        await node.Reaches(await node.EnqueueAsync(new CleanUpJobs()), JobState.Succeeded);

        await using var check = await node.Databases.CreateDbContextAsync();
        (await check.Set<JobUnique>().Where(u => u.Key != "stays").Select(u => u.Key).ToListAsync()).ShouldBe(["over.holds", "holds", "free"], ignoreOrder: true);
        // The other tests of this database look at all keys.
        await check.Set<JobUnique>().Where(u => u.Key != "stays").ExecuteDeleteAsync();

        JobUnique Key(Guid tenant, string key, DateTimeOffset? expires, UniqueUntil until = UniqueUntil.Expired) => new() { TenantId = tenant, Key = key, JobId = 1, Until = until, ExpiresAt = expires };
    }

    [Fact]
    public async Task Run_OldJobs_AreDeletedWithTheirHistoryAndTheRestStays()
    {
        await using var node = await new TestNode(database.ConnectionString, options: o => (o.KeepFinishedDays, o.KeepFailedDays) = (14, 90)).StartAsync();
        var now = DateTimeOffset.UtcNow;
        var oldDone = await AddAsync(JobState.Succeeded, now.AddDays(-15));
        var newDone = await AddAsync(JobState.Succeeded, now.AddDays(-13));
        var oldFailed = await AddAsync(JobState.Failed, now.AddDays(-91));
        var newFailed = await AddAsync(JobState.Failed, now.AddDays(-20));
        var waiting = await AddAsync(JobState.Queued, null);
        await using (var db = await node.Databases.CreateDbContextAsync())
        {
            db.Add(new JobTick { Schedule = "s", DueAt = now.AddDays(-20), CreatedAt = now });
            db.Add(new JobTick { Schedule = "s", DueAt = now.AddDays(-1), CreatedAt = now });
            db.Add(new WorkerNode { Name = "gone", HeartbeatAt = now.AddDays(-2) });
            await db.SaveChangesAsync();
        }

        await node.Reaches(await node.EnqueueAsync(new CleanUpJobs()), JobState.Succeeded);

        await using var check = await node.Databases.CreateDbContextAsync();
        var kept = await check.Set<Job>().Where(j => j.Type == "test.kept").Select(j => j.Id).ToListAsync();
        kept.ShouldBe([newDone, newFailed, waiting], ignoreOrder: true);
        (await check.Set<JobAttempt>().CountAsync(a => a.JobId == oldDone || a.JobId == oldFailed)).ShouldBe(0);
        (await check.Set<JobLogLine>().Where(l => l.Message == "kept?").Select(l => l.JobId).Distinct().ToListAsync()).ShouldBe([newDone, newFailed, waiting], ignoreOrder: true);
        (await check.Set<JobTick>().CountAsync()).ShouldBe(1);
        (await check.Set<WorkerNode>().CountAsync(n => n.Name == "gone")).ShouldBe(0);

        async Task<long> AddAsync(JobState state, DateTimeOffset? finishedAt)
        {
            await using var db = await node.Databases.CreateDbContextAsync();
            var job = new Job
            {
                Type = "test.kept", Queue = "default", Priority = 5, State = state, Arguments = "{}", IdempotencyKey = "", CreatedAt = now.AddDays(-100), DueAt = now, FinishedAt = finishedAt, MaxAttempts = 1,
            };
            db.Add(job);
            await db.SaveChangesAsync();
            db.Add(new JobAttempt { JobId = job.Id, Token = Guid.NewGuid(), Number = 1, StartedAt = now, FinishedAt = now, Outcome = JobOutcome.Succeeded });
            db.Add(new JobLogLine { JobId = job.Id, Attempt = 1, At = now, Level = LogLevel.Information, Message = "kept?" });
            await db.SaveChangesAsync();
            return job.Id;
        }
    }

    [Fact]
    public async Task Run_TypeHasItsOwnTime_KeepsItsJobsAsLong()
    {
        await using var node = await new TestNode(database.ConnectionString, options: o => (o.KeepFinishedDays, o.KeepFailedDays) = (14, 90)).StartAsync();
        var now = DateTimeOffset.UtcNow;
        await using (var db = await node.Databases.CreateDbContextAsync())
        {
            db.Add(new JobTypeRule { Type = "test.brief", KeepSucceededDays = 1, KeepFailedDays = 365 });
            db.AddRange(Job("test.brief", JobState.Succeeded, 2, "gone"), Job("test.brief", JobState.Cancelled, 2, "gone"), Job("test.brief", JobState.Failed, 300, "kept"), Job("test.brief", JobState.Succeeded, 0.5, "kept"));
            db.AddRange(Job("test.usual", JobState.Succeeded, 2, "kept"), Job("test.usual", JobState.Failed, 300, "gone"), Job("test.usual", JobState.Discarded, 300, "gone"));
            using var engine = BlazorAdmin.Features.Audit.AuditScope.EngineOwn();
            await db.SaveChangesAsync();
        }

        await node.Reaches(await node.EnqueueAsync(new CleanUpJobs()), JobState.Succeeded);

        await using var check = await node.Databases.CreateDbContextAsync();
        var left = await check.Set<Job>().Where(j => j.Type == "test.brief" || j.Type == "test.usual").Select(j => j.Subject).ToListAsync();
        left.ShouldBe(["kept", "kept", "kept"]);

        Job Job(string type, JobState state, double daysAgo, string subject) => new()
        {
            Type = type, Queue = "default", Priority = 5, State = state, Subject = subject, Arguments = "{}", IdempotencyKey = "", CreatedAt = now, DueAt = now, FinishedAt = now.AddDays(-daysAgo), MaxAttempts = 1,
        };
    }
}
