using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

public sealed class AuditSealerTests
{
    [Fact]
    public async Task Seal_CommittedRows_GetPlacesHashesAndAnAnchor()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);
        await node.WriteAsync(3);

        (await node.Sealer.SealAsync(default)).ShouldBe(3);
        (await node.Sealer.SealAsync(default)).ShouldBe(0);

        var rows = await node.SealedAsync();
        rows.Select(r => r.Sequence).ShouldBe([1, 2, 3]);
        rows[0].PreviousHash.ShouldBe(ChainPoint.Origin.Hash);
        rows[2].PreviousHash.ShouldBe(rows[1].Hash);
        ChainAnchor.Parse(node.AnchorFile.Read()).ShouldNotBeNull().Head.IsAt(3, rows[2].Hash).ShouldBeTrue();
        var report = await node.VerifyAsync();
        (report.IsSound, report.Rows, report.Head, report.Unsealed, report.Protected).ShouldBe((true, 3, 3, 0, true));
        report.HeadHash.ShouldBe(Convert.ToHexStringLower(rows[2].Hash!));
    }

    [Fact]
    public async Task Seal_RowCommittedLateWithALowerId_GetsTheNextPlace()
    {
        await using var node = await ChainNode.CreateAsync();
        await using var slow = node.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync();
        var late = slow.Audit(Caller.Portal, "tests.late");
        await slow.SaveChangesAsync();
        await node.SealAsync(2);

        await transaction.CommitAsync();
        (await node.Sealer.SealAsync(default)).ShouldBe(1);

        var rows = await node.SealedAsync();
        rows[2].Id.ShouldBe(late.Id);
        rows[2].Id.ShouldBeLessThan(rows[0].Id);
        (await node.VerifyAsync()).IsSound.ShouldBeTrue();
    }

    [Fact]
    public async Task Seal_ManySealersWhileCommandsRun_MakeOneChain()
    {
        await using var one = await ChainNode.CreateAsync(isProtected: true);
        await using var two = one.Another();
        using var done = new CancellationTokenSource();
        var sealing = new[] { one, two, one, two }.Select(node => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await node.Sealer.SealAsync(default);
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => one.WriteAsync(40)));
        await done.CancelAsync();
        await Task.WhenAll(sealing);
        await two.Sealer.SealAsync(default);

        (await one.SealedAsync()).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 160).Select(i => (long?)i));
        (await one.VerifyAsync()).IsSound.ShouldBeTrue();
        (await two.VerifyAsync()).IsSound.ShouldBeTrue();
    }

    [PostgresFact]
    public async Task Seal_ServerEndsTheConnectionInBetween_NothingIsHalfSealedAndAnotherGoesOn()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);
        await node.SealAsync(5);
        await node.WriteAsync(20);
        await using var watcher = new NpgsqlConnection(node.ConnectionString);
        await watcher.OpenAsync();
        // Holds the anchor, so that the sealer has written its rows and waits with them uncommitted.
        await using (var blocker = node.Open())
        {
            await using var transaction = await blocker.Database.BeginTransactionAsync();
            await blocker.Set<SystemValue>().Where(v => v.Key == ChainAnchors.Key).ExecuteUpdateAsync(set => set.SetProperty(v => v.ChangedAt, v => v.ChangedAt));
            var sealing = node.Sealer.SealAsync(default);
            await Eventually.Holds(async () => await KillAsync(watcher) > 0, because: "the sealer waits for the anchor and is cut off");
            await Should.ThrowAsync<Exception>(() => sealing);
        }

        (await node.SealedAsync()).Count.ShouldBe(5);
        await using var another = node.Another();
        (await another.Sealer.SealAsync(default)).ShouldBe(20);
        (await node.VerifyAsync()).ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Rows.ShouldBe(25));
    }

    [Fact]
    public async Task Seal_TailCutAndAnchorKept_LeavesTheHoleInTheChain()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(5);
        await node.ExecuteAsync($"""DELETE FROM "AuditEntries" WHERE "Sequence" >= 4""");

        await node.SealAsync(3);

        (await node.SealedAsync()).Select(r => r.Sequence).ShouldBe([1, 2, 3, 6, 7, 8]);
        (await node.VerifyAsync()).Problems.ShouldBe([new ChainProblem(ChainProblemKind.Missing, 4, 2)]);
    }

    [Fact]
    public async Task Seal_AnchorInTheDatabaseGone_IsRecordedForGood()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(5);
        await node.ExecuteAsync($"""DELETE FROM "SystemValues" WHERE "Key" = {ChainAnchors.Key}""");
        (await node.VerifyAsync()).Problems.ShouldHaveSingleItem().Kind.ShouldBe(ChainProblemKind.AnchorMissing);

        await node.SealAsync(1);

        var row = (await node.SealedAsync()).Single(r => r.Action == "audit.anchor_lost");
        (row.Outcome, row.SubjectId).ShouldBe(("Failed", "5"));
        (await node.VerifyAsync()).IsSound.ShouldBeTrue("the rows themselves are as they were");
    }

    [Fact]
    public async Task Seal_OlderStateOfTheDatabasePutBack_KeepsTheFileAsEvidence()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(3);
        await using var db = node.Open();
        var older = await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == ChainAnchors.Key).Select(v => v.Value).SingleAsync();
        await node.SealAsync(3);
        // Rows and anchor of the database as they were after the third row; the newer ones are then forged.
        await node.ExecuteAsync($"""DELETE FROM "AuditEntries" WHERE "Sequence" > 3""");
        await node.ExecuteAsync($"""UPDATE "SystemValues" SET "Value" = {older} WHERE "Key" = {ChainAnchors.Key}""");
        await using var forger = node.Another();

        (await forger.VerifyAsync()).IsSound.ShouldBeTrue("the database alone is consistent");
        (await node.VerifyAsync()).Problems.ShouldBe([new ChainProblem(ChainProblemKind.TailMissing, 4, 3)]);
        await forger.SealAsync(6);
        var kept = node.AnchorFile.Read();
        await node.SealAsync(1);

        node.AnchorFile.Read().ShouldBe(kept);
        (await node.VerifyAsync()).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Kind.ShouldBe(ChainProblemKind.Rewritten), p => p.Sequence.ShouldBe(6));
    }

    [Fact]
    public async Task Start_NewDatabaseBesideAnEarlierAnchor_SetsTheFileAside()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(3);
        await using var empty = await ChainNode.CreateAsync();
        await using var own = node.Open();
        await using var other = empty.Open();
        var seed = new StaleAnchorSeed(node.AnchorFile, TimeProvider.System, NullLogger<StaleAnchorSeed>.Instance);
        var kept = node.AnchorFile.Read();

        await seed.SeedAsync(own, default);
        node.AnchorFile.Read().ShouldBe(kept, "its own chain");
        await seed.SeedAsync(other, default);

        node.AnchorFile.Read().ShouldBeNull();
        File.ReadAllText(Directory.GetFiles(Path.GetDirectoryName(node.AnchorFile.FilePath)!, "audit.anchor.*").ShouldHaveSingleItem()).ShouldBe(kept);
    }

    [Fact]
    public async Task Service_RunningWithItsOwnClock_SealsOnSignalAndWithoutOne()
    {
        var time = new FakeTime();
        await using var node = await ChainNode.CreateAsync(time: time);
        using var told = new SemaphoreSlim(0);
        using var subscription = node.Get<Topic<AuditChainChanged>>().Subscribe(_ => told.Release());
        node.Get<DatabaseState>().SetReady();
        await node.Sealer.StartAsync(default);
        await Eventually.Holds(() => time.Sleepers == 2, because: "the first look is over; it waits for the tick and for the time that commands are gathered");

        await node.WriteAsync(1);
        time.Advance(AuditSealer.Gather);
        (await told.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("a signal of this process wakes it");
        // Rows of a process that tells nobody.
        await node.ExecuteAsync($"""INSERT INTO "AuditEntries" ("TenantId", "At", "Node", "Action", "Outcome", "Count") SELECT "TenantId", "At", "Node", "Action", "Outcome", "Count" FROM "AuditEntries" """);
        await Eventually.Holds(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await node.SealedAsync()).Count == 2;
        }, because: "the tick seals it");
        await node.Sealer.StopAsync(default);
    }

    // Ends whoever holds the sealers' lock and waits for another's row.
    private static async Task<long> KillAsync(NpgsqlConnection watcher)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
            WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.wait_event_type = 'Lock'
            """, watcher);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
