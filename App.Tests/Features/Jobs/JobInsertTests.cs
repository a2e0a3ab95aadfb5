using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobInsertTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    [PostgresFact]
    public async Task Save_OneJob_IsOneStatementWhosePlanTheServerKeeps()
    {
        await using var node = new TestNode(database.ConnectionString);
        await using var db = await node.Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        db.Enqueue(new TestJob("first"), Caller.Portal, DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        (await PlansAsync()).ShouldBe(1);

        using (var statements = new SentStatements())
        {
            db.Enqueue(new TestJob("second"), Caller.Portal, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            statements.Count("").ShouldBe(1);
        }

        // Saves of more come in many shapes.
        db.AddRange(Enumerable.Range(0, 3).Select(i => db.Enqueue(new TestJob($"{i}"), Caller.Portal, DateTimeOffset.UtcNow)));
        await db.SaveChangesAsync();
        (await PlansAsync()).ShouldBe(1);
        (await db.Set<Job>().CountAsync()).ShouldBe(5);

        Task<int> PlansAsync() => db.Database.SqlQueryRaw<int>("""SELECT count(*)::int AS "Value" FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO "Jobs"%'""").SingleAsync();
    }
}
