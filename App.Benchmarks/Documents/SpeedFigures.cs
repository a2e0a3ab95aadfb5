using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Shell;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.EntityFrameworkCore;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>A thousand mixed small files through store, jobs, steps and database; the node is stopped in the middle and another goes on.</summary>
internal static class SpeedFigures
{
    private const int Files = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        sink.Say($"Speed: {Files:N0} mixed small files, the node restarted in the middle");
        await using var server = await JobsServer.StartAsync(cancellation);
        FigureSpec[] specs =
        [
            new("documents.speed", "files/s", Better.Higher) { Must = 5, Aim = 10 },
            new("documents.speed.lost", "files", Better.Lower) { Must = 0, Aim = 0 },
            new("documents.speed.double", "files", Better.Lower) { Must = 0, Aim = 0 },
        ];
        var run = 0;
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Once, async token =>
        {
            var database = await server.CreateAsync($"bench_reading{run++}", token);
            var result = await ReadAsync(database, server.Folder, token);
            await server.DropAsync(database, token);
            return result;
        }, cancellation);
    }

    private static async Task<RunResult> ReadAsync(string database, string folder, CancellationToken cancellation)
    {
        TimeSpan took;
        await using (var node = NewNode(database, folder))
        {
            await UploadAsync(node, cancellation);
            var start = Stopwatch.GetTimestamp();
            await node.StartAsync(cancellation);
            await WaitAsync(database, $"""SELECT CASE WHEN count(*) >= {Files / 2} THEN 0 ELSE 1 END FROM "Documents" WHERE "State" = 'Ready'""", cancellation);
            took = Stopwatch.GetElapsedTime(start);
        }

        // Stopping and starting is part of the time: people wait for it too.
        var again = Stopwatch.GetTimestamp();
        await using (var node = NewNode(database, folder))
        {
            await node.StartAsync(cancellation);
            await WaitAsync(database, """SELECT count(*) FROM "Documents" WHERE "State" IN ('Waiting', 'Reading')""", cancellation);
            took += Stopwatch.GetElapsedTime(again);
            await WaitAsync(database, """SELECT count(*) FROM "Jobs" WHERE "State" IN ('Queued', 'Running')""", cancellation);
        }

        var read = await JobsServer.ScalarAsync(database, """
            SELECT count(*) FROM "Documents" d WHERE d."State" = 'Ready' AND EXISTS (SELECT 1 FROM "DocumentPages" p WHERE p."DocumentId" = d."Id" AND position(split_part(d."Name", '.', 1) in p."Text") > 0)
            """, cancellation);
        var pages = await JobsServer.ScalarAsync(database, """SELECT count(*) FROM "DocumentPages" """, cancellation);
        var documents = await JobsServer.ScalarAsync(database, """SELECT count(*) FROM "Documents" """, cancellation);
        var jobs = await JobsServer.ScalarAsync(database, """SELECT count(*) FROM "Jobs" WHERE "State" = 'Succeeded'""", cancellation);
        // One page and one finished job for each file: whatever is more was done twice.
        return new RunResult([Files / took.TotalSeconds, Files - read, Math.Max(0, pages - Files) + Math.Max(0, documents - Files) + Math.Max(0, jobs - Files)], [double.NaN, double.NaN, double.NaN]);
    }

    private static EngineNode NewNode(string database, string folder) => EngineNode.Create(database, folder, portal => portal.AddShell().AddFlags().AddDocuments());

    private static async Task UploadAsync(EngineNode node, CancellationToken cancellation)
    {
        var store = node.Get<IContentStore>();
        var user = new User { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, UserName = "bench", NormalizedUserName = "BENCH", DisplayName = "Bench" };
        using var own = AuditScope.EngineOwn();
        await using (var db = await node.Databases.CreateDbContextAsync(cancellation))
        {
            db.Add(user);
            await db.SaveChangesAsync(cancellation);
        }

        foreach (var numbers in Enumerable.Range(0, Files).Chunk(100))
        {
            await using var db = await node.Databases.CreateDbContextAsync(cancellation);
            foreach (var number in numbers)
            {
                var (name, bytes) = SmallFiles.Of(number);
                var stored = await store.Save(new MemoryStream(bytes), bytes.Length, cancellation);
                var now = DateTimeOffset.UtcNow;
                var id = Guid.CreateVersion7(now);
                db.Add(new Document
                {
                    Id = id, SeriesId = id, TenantId = AppDbContext.DefaultTenant, OwnerId = user.Id, Node = "bench", Name = SmallFiles.Mark(number) + Path.GetExtension(name), Sha256 = stored.Sha256, Size = stored.Size,
                    CreatedAt = now, Version = 1,
                });
                db.Enqueue(new ReadDocument(id, 0), Caller.Portal, now, new EnqueueOptions { IdempotencyKey = $"documents.read/{id}/0" });
            }

            await db.SaveChangesAsync(cancellation);
        }
    }

    private static async Task WaitAsync(string database, string query, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (await JobsServer.ScalarAsync(database, query, patience.Token) > 0) await Task.Delay(Look, patience.Token);
    }
}
