using System.Collections.Frozen;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Details;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Jobs.Searching;

/// <summary>Nothing that people do on the Jobs tab reads the tables of jobs from end to end.</summary>
public sealed class JobPlanTests : IClassFixture<PlannedJobs>, IAsyncLifetime
{
    private static readonly Caller Operator = new(new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    private readonly QueryPlans _plans = new();
    private readonly TestNode _node;
    private readonly IServiceScope _scope;

    public JobPlanTests(PlannedJobs jobs)
    {
        _node = new TestNode(jobs.ConnectionString, "plans", more: services => services.AddSingleton<IInterceptor>(_plans).AddTab());
        _scope = _node.Scope();
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _scope.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("state=failed")]
    [InlineData("state=succeeded")]
    [InlineData("state=discarded")]
    [InlineData("type=test.job")]
    [InlineData("type=test.rare")]
    [InlineData("type=test.job&state=failed")]
    [InlineData("owner=me")]
    [InlineData("owner=me&state=failed")]
    [InlineData("owner=somebody")]
    [InlineData("queue=default")]
    [InlineData("queue=nowhere")]
    [InlineData("node=n1")]
    [InlineData("node=n1&state=running")]
    [InlineData("node=gone")]
    [InlineData("batch=7")]
    [InlineData("parent=7&state=failed")]
    [InlineData("schedule=nightly")]
    [InlineData("period=hour")]
    [InlineData("period=week&state=failed")]
    [InlineData("from=2026-11-01T00:00Z&to=2026-11-02T00:00Z&type=test.job")]
    [InlineData("q=%23400")]
    [InlineData("q=report")]
    [InlineData("q=report&state=failed")]
    [InlineData("q=report summer&state=cancelled")]
    [InlineData("q=rep")]
    [InlineData("q=w1234")]
    [InlineData("q=w12")]
    [InlineData("q=test")]
    [InlineData("q=test.&state=failed")]
    [InlineData("q=tag:urgent report")]
    [InlineData("q=tag:urgent&type=test.rare")]
    [InlineData("q=nothing")]
    [InlineData("sort=id&queue=default")]
    public async Task List_AnyQuery_ReadsIndexes(string text)
    {
        var query = ListQuery.Parse(text, new ListQuery());
        var jobs = _scope.ServiceProvider.GetRequiredService<JobsService>();
        _plans.Forget();

        var page = await jobs.ListAsync(query);
        if (page.Next is { } next) await jobs.ListAsync(query.WithCursor(next));
        if (page.First is { } first) await jobs.ListAsync(query with { Anchor = first });

        _plans.Count.ShouldBeGreaterThan(0);
        (await _plans.ScansAsync(_node.Databases, "Jobs", "JobFields")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Plans_OfAQueryWithoutIndex_AreNoticed()
    {
        await using (var db = await _node.Databases.CreateDbContextAsync()) await db.Set<Job>().Where(j => j.Subject!.Contains("nowhere")).CountAsync();

        (await _plans.ScansAsync(_node.Databases, "Jobs")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Details_OfOneJob_ReadIndexes()
    {
        var jobs = _scope.ServiceProvider.GetRequiredService<JobsService>();
        _plans.Forget();

        (await jobs.GetAsync(PlannedJobs.Some)).ShouldNotBeNull();
        await jobs.AttemptsAsync(PlannedJobs.Some);
        await jobs.LogAsync(PlannedJobs.Some);
        await jobs.CountsAsync();
        await jobs.MinutesAsync();
        await _scope.ServiceProvider.GetRequiredService<JobKinship>().GetAsync(PlannedJobs.Some);
        await _scope.ServiceProvider.GetRequiredService<JobKinship>().GetAsync(7);

        (await _plans.ScansAsync(_node.Databases, "Jobs", "JobFields", "JobLinks")).ShouldBeEmpty();
    }
}

/// <summary>What changes and deletes jobs in batches reads indexes as well. Apart: it uses its jobs up.</summary>
public sealed class JobBatchPlanTests(PlannedJobs jobs) : IClassFixture<PlannedJobs>
{
    private static readonly Caller Operator = new(null, null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    [Theory]
    [InlineData(JobAction.Retry, "state=cancelled")]
    [InlineData(JobAction.Discard, "type=test.single")]
    [InlineData(JobAction.Cancel, "q=report")]
    public async Task Bulk_Job_ReadsIndexes(JobAction action, string query)
    {
        var plans = new QueryPlans();
        await using var node = new TestNode(jobs.ConnectionString, $"bulk{action}", more: services => services.AddSingleton<IInterceptor>(plans).AddTab());
        using var scope = node.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
        var selection = new ListSelection(new HashSet<string>(), AllThatMatch: true, ListQuery.Parse(query, new ListQuery()), new ListTotal(1000));
        var result = await scope.ServiceProvider.GetRequiredService<BulkService>().DoAsync(action, selection);

        if (result.BulkId is { } bulk)
        {
            await using var db = await node.Databases.CreateDbContextAsync();
            var arguments = JsonSerializer.Deserialize<BulkJobs>((await node.ReadAsync(bulk)).Arguments, JsonSerializerOptions.Web)!;
            await scope.ServiceProvider.GetRequiredService<BulkHandler>().RunAsync(arguments, new SilentJob(bulk), CancellationToken.None);
        }

        plans.Count.ShouldBeGreaterThan(5);
        (await plans.ScansAsync(node.Databases, "Jobs", "JobFields")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cleanup_OldJobs_ReadsIndexes()
    {
        var plans = new QueryPlans();
        await using var node = new TestNode(jobs.ConnectionString, "cleanup", options: o => (o.KeepFinishedDays, o.KeepFailedDays) = (66, 65), more: services => services.AddSingleton<IInterceptor>(plans).AddTab());
        using var scope = node.Scope();

        await scope.ServiceProvider.GetRequiredService<JobsCleanup>().RunAsync(new CleanUpJobs(), new SilentJob(1), CancellationToken.None);

        plans.Count.ShouldBeGreaterThan(5);
        (await plans.ScansAsync(node.Databases, "Jobs", "JobFields", "JobLinks", "JobAttempts")).ShouldBeEmpty();
    }

    private sealed class SilentJob(long id) : JobContext
    {
        public override long JobId => id;

        public override int Attempt => 1;

        public override string IdempotencyKey => "";

        public override void Progress(double percent, string? message = null) => LastMessage = message;

        public override void Log(LogLevel level, string message) => LastMessage = message;

        public string? LastMessage { get; private set; }
    }
}

/// <summary>A database with 50,000 jobs of some months, as an installation has them: nearly all done, a few of everything.</summary>
public sealed class PlannedJobs : IAsyncLifetime
{
    public const long Some = 400;

    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using var db = new TestDatabases(ConnectionString).CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "Jobs" ("TenantId", "OwnerId", "Type", "Queue", "Priority", "State", "Subject", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt", "StartedAt", "FinishedAt",
              "Attempts", "MaxAttempts", "CancelRequested", "Node", "ParentId", "BatchId", "WaitsFor", "HasFollowers", "Schedule", "Version")
            SELECT '00000000-0000-0000-0000-000000000001', CASE WHEN i % 3 = 0 THEN ('00000001-0000-0000-0000-' || lpad((i % 50)::text, 12, '0'))::uuid END,
              CASE WHEN i % 1000 = 0 THEN 'test.rare' WHEN i % 2 = 0 THEN 'test.job' ELSE 'test.single' END, 'default', 5, s.state, 'Report w' || i, '{{"name":"x"}}', i::text,
              now() - (50000 - i) * interval '2 minutes', now() - (50000 - i) * interval '2 minutes', now() - (50000 - i) * interval '2 minutes',
              CASE WHEN s.state IN ('Succeeded', 'Failed', 'Cancelled', 'Discarded') THEN now() - (50000 - i) * interval '2 minutes' + interval '3 seconds' END,
              1, 3, false, 'n' || i % 3, CASE WHEN i % 500 = 0 THEN 7 END, CASE WHEN i % 400 = 0 THEN 7 END, 0, false, CASE WHEN i % 700 = 0 THEN 'nightly' END, 1
            FROM generate_series(1, 50000) i
            CROSS JOIN LATERAL (SELECT CASE WHEN i % 20 = 3 THEN 'Failed' WHEN i % 40 = 5 THEN 'Cancelled' WHEN i % 200 = 7 THEN 'Discarded' WHEN i > 49900 AND i % 2 = 0 THEN 'Queued' WHEN i > 49990 THEN 'Running' ELSE 'Succeeded' END AS state) s;
            INSERT INTO "JobFields" ("TenantId", "Name", "Value", "JobId")
            SELECT "TenantId", 'subject', 'report', "Id" FROM "Jobs" UNION ALL
            SELECT "TenantId", 'subject', 'w' || "Id", "Id" FROM "Jobs" UNION ALL
            SELECT "TenantId", 'subject', 'summer', "Id" FROM "Jobs" WHERE "Id" % 3 = 0 UNION ALL
            SELECT "TenantId", 'tag', 'urgent', "Id" FROM "Jobs" WHERE "Id" % 10 = 0;
            INSERT INTO "JobLinks" ("ParentId", "ChildId", "On") SELECT i, i + 1, 'Success' FROM generate_series(1, 20000) i;
            INSERT INTO "JobAttempts" ("JobId", "Token", "Number", "StartedAt", "FinishedAt", "Outcome") SELECT "Id", gen_random_uuid(), 1, now(), now(), 'Succeeded' FROM "Jobs";
            ANALYZE;
            """);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }
}
