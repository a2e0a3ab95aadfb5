using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Data;

public sealed class AfterCommitTests(DatabaseFixture postgres) : IClassFixture<DatabaseFixture>
{
    private readonly TestDatabases _databases = new(postgres.ConnectionString, new CommitInterceptor(NullLogger<CommitInterceptor>.Instance));
    private int _runs;

    [Fact]
    public async Task AfterCommit_SaveWithoutTransaction_RunsOnceAfterIt()
    {
        await using var db = _databases.CreateDbContext();
        Add(db);
        db.AfterCommit(Count);
        _runs.ShouldBe(0);
        await db.SaveChangesAsync();
        _runs.ShouldBe(1);
        Add(db);
        await db.SaveChangesAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task AfterCommit_SaveOfSeveralRows_GeneratedIdsAreKnown()
    {
        await using var db = _databases.CreateDbContext();
        var messages = Enumerable.Range(0, 3).Select(_ => new BlazorAdmin.Live.NodeMessage { Payload = "{}" }).ToList();
        db.AddRange(messages);
        List<long> ids = [];
        db.AfterCommit(() => ids.AddRange(messages.Select(m => m.Id)));
        await db.SaveChangesAsync();
        ids.ShouldAllBe(id => id > 0);
        ids.Count.ShouldBe(3);
    }

    [Fact]
    public async Task AfterCommit_PooledContextLeftWithoutSaving_NextUserRunsNothing()
    {
        await using var services = new ServiceCollection().Configure<IdentityOptions>(AppDbContext.UseSchema).BuildServiceProvider();
        var options = new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(postgres.ConnectionString).UseApplicationServiceProvider(services)
            .AddInterceptors(new CommitInterceptor(NullLogger<CommitInterceptor>.Instance));
        var pool = new PooledDbContextFactory<PostgresDbContext>(options.Options, poolSize: 1);
        await using (var left = pool.CreateDbContext())
        {
            Add(left);
            left.AfterCommit(Count);
        }

        await using var db = pool.CreateDbContext();
        Add(db);
        await db.SaveChangesAsync();
        _runs.ShouldBe(0);
    }

    [Fact]
    public async Task AfterCommit_WithinTransaction_RunsAtItsCommit()
    {
        await using var db = _databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        Add(db);
        db.AfterCommit(Count);
        await db.SaveChangesAsync();
        _runs.ShouldBe(0);
        await transaction.CommitAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task AfterCommit_RegisteredBeforeTransaction_RunsAtItsCommit()
    {
        await using var db = _databases.CreateDbContext();
        Add(db);
        db.AfterCommit(Count);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.SaveChangesAsync();
        _runs.ShouldBe(0);
        await transaction.CommitAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task AfterCommit_TransactionWithoutSave_RunsAtItsCommit()
    {
        await using var db = _databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Set<SystemValue>().ExecuteDeleteAsync();
        db.AfterCommit(Count);
        await transaction.CommitAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task AfterCommit_RolledBack_NeverRuns()
    {
        await using var db = _databases.CreateDbContext();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            Add(db);
            db.AfterCommit(Count);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        Add(db);
        await db.SaveChangesAsync();
        _runs.ShouldBe(0);
    }

    [Fact]
    public async Task AfterCommit_TransactionLeftWithoutCommit_NeverRuns()
    {
        await using var db = _databases.CreateDbContext();
        await using (await db.Database.BeginTransactionAsync())
        {
            Add(db);
            db.AfterCommit(Count);
            await db.SaveChangesAsync();
        }

        Add(db);
        await db.SaveChangesAsync();
        await using (var next = await db.Database.BeginTransactionAsync())
        {
            Add(db);
            await db.SaveChangesAsync();
            await next.CommitAsync();
        }

        _runs.ShouldBe(0);
    }

    [Fact]
    public async Task AfterCommit_SaveFailsThenSucceeds_RunsOnce()
    {
        var key = await Existing();
        await using var db = _databases.CreateDbContext();
        var twice = db.Add(new SystemValue { Key = key }).Entity;
        db.AfterCommit(Count);
        await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
        _runs.ShouldBe(0);
        db.Entry(twice).State = EntityState.Detached;
        Add(db);
        await db.SaveChangesAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task AfterCommit_ActionThrows_CommitStandsAndOthersRun()
    {
        await using var db = _databases.CreateDbContext();
        Add(db);
        db.AfterCommit(() => throw new InvalidOperationException("broken"));
        db.AfterCommit(Count);
        await db.SaveChangesAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public void AfterCommit_SynchronousSaveAndTransaction_RunsAtCommit()
    {
        using var db = _databases.CreateDbContext();
        using var transaction = db.Database.BeginTransaction();
        Add(db);
        db.AfterCommit(Count);
        db.SaveChanges();
        _runs.ShouldBe(0);
        transaction.Commit();
        _runs.ShouldBe(1);
    }

    private void Count() => _runs++;

    private static void Add(AppDbContext db) => db.Add(new SystemValue { Key = Guid.NewGuid().ToString() });

    private async Task<string> Existing()
    {
        await using var db = _databases.CreateDbContext();
        var key = Guid.NewGuid().ToString();
        db.Add(new SystemValue { Key = key });
        await db.SaveChangesAsync();
        return key;
    }
}
