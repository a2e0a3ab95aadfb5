using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Searching;

public sealed class JobSearchTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Reader = new(Guid.NewGuid(), null, "Rita", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read }.ToFrozenSet());

    private readonly TestNode _node;
    private readonly IServiceScope _scope;

    public JobSearchTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, "search", more: services => services.AddTab()
            .AddSingleton(JobType.Of<FoundJob, FoundHandler>()).AddScoped<FoundHandler>());
        _scope = _node.Scope();
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Reader);
    }

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync()
    {
        _scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Search_WordsTagsAndFields_AllMustHold()
    {
        var acme = await _node.EnqueueAsync(new FoundJob("Acme", [1, 2], "x", FoundKind.Big, ""), new() { Subject = "Invoice of March.pdf", Tags = ["urgent"] });
        var other = await _node.EnqueueAsync(new FoundJob("Other", [2], "x", FoundKind.Small, ""), new() { Subject = "Invoice of April.pdf", Tags = ["urgent"] });
        await _node.EnqueueAsync(new TestJob("plain"), new() { Subject = "Letter" });

        (await Find("invoice")).ShouldBe([other, acme]);
        (await Find("inv mar")).ShouldBe([acme]);
        (await Find("invoice customer:ACME")).ShouldBe([acme]);
        (await Find("pages:2")).ShouldBe([other, acme]);
        (await Find("tag:urgent kind:small")).ShouldBe([other]);
        (await Find("tag:urg")).ShouldBeEmpty();
        (await Find("found")).ShouldBeEmpty();
        (await Find("test.found")).ShouldBe([other, acme]);
        (await Find("customer:acme", q => q.WithFilter("state", "failed"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Filter_WhereJobsBelong_FindsThem()
    {
        var mine = await _node.EnqueueAsync(new TestJob("a"), caller: Reader);
        var child = await _node.EnqueueAsync(new TestJob("b"));
        var scheduled = await _node.EnqueueAsync(new TestJob("c"), new() { Schedule = "nightly" });
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            await db.Set<Job>().Where(j => j.Id == child).ExecuteUpdateAsync(set => set.SetProperty(j => j.ParentId, mine).SetProperty(j => j.BatchId, mine).SetProperty(j => j.Node, "n2"));
            await db.Set<Job>().Where(j => j.Id == mine).ExecuteUpdateAsync(set => set.SetProperty(j => j.CreatedAt, DateTimeOffset.UtcNow.AddDays(-3)));
        }

        (await Find("", q => q.WithFilter("owner", "me"))).ShouldBe([mine]);
        (await Find("", q => q.WithFilter("owner", $"{Reader.UserId}").WithFilter("state", "queued"))).ShouldBe([mine]);
        (await Find("", q => q.WithFilter("owner", "nobody of that name"))).ShouldBeEmpty();
        (await Find("", q => q.WithFilter("parent", $"{mine}"))).ShouldBe([child]);
        (await Find("", q => q.WithFilter("batch", $"{mine}").WithFilter("node", "n2"))).ShouldBe([child]);
        (await Find("", q => q.WithFilter("node", "n2"))).ShouldBe([child]);
        (await Find("", q => q.WithFilter("schedule", "nightly"))).ShouldBe([scheduled]);
        (await Find("", q => q.WithFilter("queue", "default"))).ShouldBe([scheduled, child, mine]);
        (await Find("", q => q.WithFilter("queue", "other"))).ShouldBeEmpty();
        (await Find("", q => q.WithFilter("period", "day"))).ShouldBe([scheduled, child]);
        (await Find("", q => q.WithFilter("to", DateTimeOffset.UtcNow.AddDays(-1).ToString("O")))).ShouldBe([mine]);
    }

    [Fact]
    public async Task Pages_OfASearchWithoutItsOwnIndex_MeetWithoutGapsBothWays()
    {
        var ids = new List<long>();
        for (var i = 0; i < 12; i++) ids.Add(await _node.EnqueueAsync(i % 2 == 0 ? new TestJob($"{i}") : new TestJob($"{i}"), new() { Subject = "page" }));
        ids.Reverse();
        var query = new ListQuery { PageSize = 5 }.WithFilter("queue", "default");

        var first = await ListAsync(query);
        var second = await ListAsync(query.WithCursor(first.Next));
        var third = await ListAsync(query.WithCursor(second.Next));
        var back = await ListAsync(query.WithCursor(third.Previous));

        first.Rows.Concat(second.Rows).Concat(third.Rows).Select(j => j.Id).ShouldBe(ids);
        third.Next.ShouldBeNull();
        back.Rows.Select(j => j.Id).ShouldBe(ids[5..10]);
        (await ListAsync(query.WithCursor(back.Previous))).Rows.Select(j => j.Id).ShouldBe(ids[..5]);
        (await ListAsync(query with { Sort = "id", Descending = false })).Rows.Select(j => j.Id).ShouldBe(ids.AsEnumerable().Reverse().Take(5));
        var anchored = await ListAsync(query with { Anchor = second.First });
        anchored.Rows.Select(j => j.Id).ShouldBe(ids[5..10]);
    }

    [Fact]
    public async Task Pages_OfOneTypeInAnyState_StandInTheOrderOfIds()
    {
        var ids = new List<long>();
        for (var i = 0; i < 9; i++) ids.Add(await _node.EnqueueAsync(new TestJob($"{i}")));
        await using (var db = await _node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id % 3 == 0).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Discarded));
        ids.Reverse();
        var query = new ListQuery { PageSize = 5 }.WithFilter("type", "test.job");

        var first = await ListAsync(query);
        var second = await ListAsync(query.WithCursor(first.Next));

        first.Rows.Concat(second.Rows).Select(j => j.Id).ShouldBe(ids);
        first.Total.ShouldBe(new ListTotal(9));
        (await ListAsync(query.WithCursor(second.Previous))).Rows.Select(j => j.Id).ShouldBe(ids[..5]);
    }

    private Task<ListPage<JobItem>> ListAsync(ListQuery query) => _scope.ServiceProvider.GetRequiredService<JobsService>().ListAsync(query);

    private async Task<IReadOnlyList<long>> Find(string search, Func<ListQuery, ListQuery>? filter = null) =>
        [.. (await ListAsync((filter ?? (q => q))(new ListQuery().WithSearch(search)))).Rows.Select(j => j.Id)];
}
