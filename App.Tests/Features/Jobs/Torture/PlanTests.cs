using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>The engine's statements read what they need and no more, however large the table is (T11).</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private const int Most = 20;

    private readonly List<string> _scans = [];
    private TestDatabase _database = null!;
    private TestNode _node = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _node = new TestNode(_database.ConnectionString);
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "Jobs" ("TenantId","Type","Queue","Priority","State","LimitKey","Arguments","IdempotencyKey","CreatedAt","Attempts","MaxAttempts","CancelRequested","Version","FinishedAt")
            SELECT '00000000-0000-0000-0000-000000000001', CASE WHEN i % 3 = 0 THEN 'test.job' ELSE 'test.fragile' END, 'default', 1 + i % 9,
              CASE WHEN i % 5 = 0 THEN 'Queued' ELSE 'Succeeded' END, CASE WHEN i % 7 = 0 THEN 'key' || i % 11 END, '{{}}', i::text, now(), 0, 3, false, 0, CASE WHEN i % 5 > 0 THEN now() END
            FROM generate_series(1, {0}) i;
            ANALYZE "Jobs";
            """, TortureSettings.IsLong ? 1_000_000 : 30_000);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task Statements_ManyRows_NeverScanTheTableNorReadMoreThanTheyTake()
    {
        var sql = _node.Get<IJobSql>();
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        TypeRoom[] rooms = [new("test.job", Most), new("test.fragile", Most)];
        var claim = new JobClaim("node", TimeSpan.FromMinutes(1), Most, rooms, TimeSpan.FromMinutes(10));

        var claimed = await ReadsAsync("claim", _ => sql.ClaimAsync(connection, claim, default));
        claimed.Count.ShouldBe(Most);
        (await ReadsAsync("may claim", _ => sql.MayClaimAsync(connection, ["test.job", "test.fragile"], default))).ShouldBeTrue();
        var heads = await ReadsAsync("heads", t => sql.HeadsAsync(connection, t, ["test.job", "test.fragile"], null, 1000, default));
        var picks = heads.GroupBy(h => h.Key is null).SelectMany(g => g.Take(5)).Select(h => new LimitedPick(h.Type, h.Key, h.Priority, 2)).ToList();
        (await ReadsAsync("claim of picks", t => sql.ClaimAsync(connection, t, claim, picks, default))).Count.ShouldBe(20);
        var reports = claimed.Select(c => new RunReport(c.Id, c.Token, 50, "half", [new ReportedLine(DateTimeOffset.UtcNow, LogLevel.Information, "line")])).ToList();
        (await ReadsAsync("report", t => sql.ReportAsync(connection, t, reports, default))).Count.ShouldBe(Most);
        var beat = new NodeBeat("node", Guid.NewGuid(), DateTimeOffset.UtcNow, 4, 4, 0, TimeSpan.FromMinutes(1), [.. claimed.Select(c => new BeatRun(c.Id, c.Token, false, false))]);
        (await ReadsAsync("beat", _ => Task.FromResult(sql.Beat(connection, beat)))).Held.Count.ShouldBe(Most);
        var ends = claimed.Take(Most / 2).Select(c => new RunEnd(c.Id, c.Token, JobState.Succeeded, JobOutcome.Succeeded, null)).ToList();
        (await ReadsAsync("finish", t => sql.FinishAsync(connection, t, ends, default))).Count.ShouldBe(Most / 2);
        await ReadsAsync("take back what is over", t => Task.FromResult(sql.TakeBack(connection, t, null)));
        (await ReadsAsync("take back of a node", t => Task.FromResult(sql.TakeBack(connection, t, "node")))).Count.ShouldBe(Most / 2 + 20);
        _scans.ShouldBeEmpty();

        async Task<T> ReadsAsync<T>(string name, Func<System.Data.Common.DbTransaction, Task<T>> statement)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var result = await statement(transaction.GetDbTransaction());
            var read = await db.Database.SqlQuery<long>($"""
                SELECT unnest(ARRAY[t.seq_scan, coalesce((SELECT sum(i.idx_tup_fetch + 0) FROM pg_stat_xact_user_tables i WHERE i.relname = 'Jobs'), 0)::bigint]) AS "Value"
                FROM pg_stat_xact_user_tables t WHERE t.relname = 'Jobs'
                """).ToListAsync();
            await transaction.CommitAsync();
            if (read[0] > 0) _scans.Add($"{name} scans the table");
            // Each pair of type and priority (and key) costs a look at its first row, each row taken a few more.
            if (read[1] > 1000) _scans.Add($"{name} reads {read[1]} rows");
            return result;
        }
    }
}
