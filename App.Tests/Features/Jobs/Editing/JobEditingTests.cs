using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Editing;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Searching;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Editing;

public sealed class JobEditingTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly JobType Found = JobType.Of<FoundJob, FoundHandler>();

    private readonly TestNode _node;
    private readonly IServiceScope _scope;

    public JobEditingTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, "editing", more: services => services.AddTab().AddSingleton(Found).AddScoped<FoundHandler>());
        _scope = _node.Scope();
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
    }

    private JobEditing Editing => _scope.ServiceProvider.GetRequiredService<JobEditing>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Edit_FailedJob_KeepsTheSecretAndTheHistoryAndIsFoundByItsNewFields()
    {
        var id = await AddAsync(JobState.Failed);
        var form = (await Editing.FormAsync(id))!;
        form.Json.ShouldContain("\"password\": \"***\"");
        form.AsNewJob.ShouldBeFalse();

        var result = await Editing.RunAsync(id, form.Json.Replace("Acme", "Better", StringComparison.Ordinal));

        result.ShouldBe(new RunAgainResult(JobCommandResult.Done, id));
        var job = await _node.ReadAsync(id);
        (job.State, job.Attempts, job.MaxAttempts).ShouldBe((JobState.Queued, 1, 6));
        job.Arguments.ShouldContain("\"customer\":\"Better\"");
        job.Arguments.ShouldContain("\"password\":\"hunter2\"");
        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<JobField>().Where(f => f.JobId == id && f.Name == "customer").Select(f => f.Value).ToListAsync()).ShouldBe(["better"]);
        var audit = await db.Set<AuditEntry>().SingleAsync(a => a.Action == "jobs.edit" && a.SubjectId == $"{id}");
        audit.Detail!.ShouldContain("Acme");
        audit.Detail!.ShouldContain("Better");
        audit.Detail!.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Edit_TypeWhoseArgumentsCarryARight_IsRefused()
    {
        var id = await _node.EnqueueAsync(new UndoBulkJobs(7, null));
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Failed).SetProperty(j => j.FinishedAt, DateTimeOffset.UtcNow));

        (await Editing.FormAsync(id)).ShouldBeNull();
        var result = await Editing.RunAsync(id, """{"bulkId":8,"callerId":null}""");

        result.Result.ShouldBe(JobCommandResult.NotPossible);
        result.Problem!.Text.ShouldContain("jobs.bulk_undo");
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task RunAgain_SucceededJob_IsANewJob()
    {
        var id = await AddAsync(JobState.Succeeded);

        var result = await Editing.RunAsync(id, null);

        result.JobId.ShouldNotBe(id);
        var (old, again) = (await _node.ReadAsync(id), await _node.ReadAsync(result.JobId));
        (old.State, again.State, again.Arguments, again.Subject, again.OwnerId).ShouldBe((JobState.Succeeded, JobState.Queued, old.Arguments, old.Subject, Operator.UserId));
        again.IdempotencyKey.ShouldNotBe(old.IdempotencyKey);
        (await Editing.RunAsync(result.JobId, null)).Result.ShouldBe(JobCommandResult.NotPossible);
        (await Editing.FormAsync(result.JobId)).ShouldBeNull();
    }

    [Theory]
    [InlineData("{\n  \"customer\": \"a\",\n  oops\n}", 3L, null)]
    [InlineData("[]", 1L, null)]
    [InlineData("""{"customer":"a","pages":["x"],"password":"***","kind":1,"note":""}""", null, "pages[0]")]
    [InlineData("""{"customer":"a","pages":[],"password":"***","kind":1,"note":"","custmer":"b"}""", null, "custmer")]
    [InlineData("""{"customer":null,"pages":[],"password":"***","kind":1,"note":""}""", null, "customer")]
    public async Task Edit_BadArguments_NamesLineOrField(string edited, long? line, string? field)
    {
        var id = await AddAsync(JobState.Failed);

        var result = await Editing.RunAsync(id, edited);

        result.Problem.ShouldNotBeNull();
        (result.Problem.Line, result.Problem.Field).ShouldBe((line, field), result.Problem.Text);
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public void Merge_MaskInNewPlace_AsksForTheValue()
    {
        var stored = """{"items":[{"token":"a"}],"password":"p"}""";
        JobArguments.TryMerge("""{"items":[{"token":"***"},{"token":"***"}],"password":"***"}""", stored, null, out _)!.Field.ShouldBe("items[1].token");
        JobArguments.TryMerge("""{"items":[{"token":"***"}],"password":"new"}""", stored, null, out var merged).ShouldBeNull();
        merged.ShouldBe("""{"items":[{"token":"a"}],"password":"new"}""");
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var id = await AddAsync(JobState.Failed);
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() });

        await Should.ThrowAsync<ForbiddenException>(() => Editing.FormAsync(id));
        await Should.ThrowAsync<ForbiddenException>(() => Editing.RunAsync(id, null));
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator with { TenantId = Guid.NewGuid() });
        (await Editing.RunAsync(id, null)).Result.ShouldBe(JobCommandResult.NotFound);
    }

    private async Task<long> AddAsync(JobState state)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        var job = db.Enqueue(new FoundJob("Acme", [1], "hunter2", FoundKind.Big, "n"), Caller.Portal, DateTimeOffset.UtcNow, new() { Subject = "Order 7" });
        (job.State, job.Attempts, job.FinishedAt) = (state, 1, DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        return job.Id;
    }
}
