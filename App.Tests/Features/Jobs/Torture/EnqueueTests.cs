using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Jobs and their enqueuer's transaction (T13), unique keys across processes (T14).</summary>
public sealed class EnqueueTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TortureSite _site = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _site = await TortureSite.OpenAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _database.DisposeAsync();
    }

    [PostgresTheory]
    [InlineData("commit-and-die", 1)]
    [InlineData("die-before-commit", 0)]
    public async Task Enqueue_ProcessDiesAroundItsCommit_TheJobExistsExactlyIfCommitted(string act, int expected)
    {
        var doomed = _site.Start("doomed", s => s with { Slots = 1, Lease = 5 });
        var parent = (await _site.EnqueueAsync(1, _ => new TortureJob(act, "child"), new() { Priority = 10 }))[0];
        await doomed.ExitAsync();
        (await ChildrenAsync("child")).Count.ShouldBe(expected);

        // It must not do it again.
        await _site.Ledger.ExecuteAsync("""UPDATE "Jobs" SET "Arguments" = '{"act":"work","name":"","milliseconds":0}' WHERE "Id" = $1""", parent);
        _site.Start("heir", s => s with { Lease = 5 });
        await _site.AllEndAsync(0);

        foreach (var child in await ChildrenAsync("child")) (child.State, child.ParentId, child.Attempts).ShouldBe((JobState.Succeeded, parent, 1));
        await new Invariants(_site.Ledger).HoldAsync(0);
    }

    [PostgresFact]
    public async Task Unique_ManyAtOnceInSeveralProcesses_EnqueuesOne()
    {
        foreach (var name in new[] { "a", "b" }) await _site.Start(name).ReadyAsync();
        await _site.EnqueueAsync(8, _ => new TortureJob("unique", "key"));
        await Eventually.Holds(async () => await _site.Ledger.CountOfAsync("created") + await _site.Ledger.CountOfAsync("existed") == 64, TortureSite.Patience, "all have their answer");

        (await _site.Ledger.CountOfAsync("created")).ShouldBe(1);
        var told = (await _site.Ledger.EffectsAsync()).Where(e => e.What is "created" or "existed").Select(e => e.Detail).Distinct().ToList();
        told.ShouldBe([$"{(await ChildrenAsync("key")).Single().Id}"]);
        await _site.Ledger.ReleaseAsync("key");
        await _site.AllEndAsync(0);
        await new Invariants(_site.Ledger).HoldAsync(0);
    }

    private async Task<List<Job>> ChildrenAsync(string subject)
    {
        await using var db = await _site.Office.Databases.CreateDbContextAsync();
        return await db.Set<Job>().AsNoTracking().Where(j => j.Subject == subject).ToListAsync();
    }
}
