using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

public sealed class AuditRetentionTests
{
    private static readonly DateTimeOffset Future = DateTimeOffset.UtcNow.AddDays(1);

    [Fact]
    public async Task Trim_OldRows_LeavesASignedCutAnAuditRowAndAValidChain()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);
        await node.SealAsync(10);

        (await node.Get<AuditRetention>().TrimAsync(Future, default)).ShouldBe(9, "the head stays");
        await node.Sealer.SealAsync(default);

        (await node.SealedAsync()).Select(r => (r.Sequence, r.Action)).ShouldBe([(10, "tests.write"), (11, "audit.cut")]);
        await using var db = node.Open();
        (await db.Set<AuditCut>().SingleAsync()).ShouldSatisfyAllConditions(c => c.LastSequence.ShouldBe(9), c => c.Rows.ShouldBe(9));
        (await node.VerifyAsync()).ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Rows.ShouldBe(2), r => r.Head.ShouldBe(11));
    }

    [Fact]
    public async Task Trim_AgainAndAgain_ChainsTheCuts()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);
        for (var i = 0; i < 3; i++)
        {
            await node.SealAsync(4);
            (await node.Get<AuditRetention>().TrimAsync(Future, default)).ShouldBeGreaterThan(0);
        }

        await node.Sealer.SealAsync(default);
        (await node.VerifyAsync()).IsSound.ShouldBeTrue();
        (await node.Get<AuditRetention>().TrimAsync(DateTimeOffset.UnixEpoch, default)).ShouldBe(0, "nothing is that old");
    }

    [Fact]
    public async Task Trim_OldRowBehindAYoungOne_StaysWithIt()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.WriteAsync(5);
        await using var db = node.Open();
        var ids = await db.Set<AuditEntry>().OrderBy(e => e.Id).Select(e => e.Id).ToListAsync();
        long[] old = [ids[0], ids[1], ids[3]];
        await db.Set<AuditEntry>().Where(e => old.Contains(e.Id)).ExecuteUpdateAsync(set => set.SetProperty(e => e.At, DateTimeOffset.UtcNow.AddDays(-100)));
        await node.Sealer.SealAsync(default);

        (await node.Get<AuditRetention>().TrimAsync(DateTimeOffset.UtcNow.AddDays(-50), default)).ShouldBe(2);

        (await node.SealedAsync()).Select(r => r.Sequence).ShouldBe([3, 4, 5]);
        (await node.VerifyAsync()).IsSound.ShouldBeTrue();
    }

    [Fact]
    public async Task Trim_RowsThatWereChanged_AreKeptAsEvidence()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(6);
        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Action" = 'harmless' WHERE "Sequence" = 3""");

        var refused = await Should.ThrowAsync<JobFailedException>(() => node.Get<AuditRetention>().TrimAsync(Future, default));

        refused.Message.ShouldContain("row #3");
        (await node.SealedAsync()).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Verify_CutForgedOrTakenAway_IsNamed()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(6);
        await node.Get<AuditRetention>().TrimAsync(Future, default);
        await node.Sealer.SealAsync(default);

        await node.ExecuteAsync($"""UPDATE "AuditCuts" SET "Rows" = 4""");
        (await node.VerifyAsync()).Problems.Select(p => p.Kind).ShouldBe([ChainProblemKind.CutForged, ChainProblemKind.Missing]);

        await node.ExecuteAsync($"""DELETE FROM "AuditCuts" """);
        (await node.VerifyAsync()).Problems.ShouldBe([new ChainProblem(ChainProblemKind.Missing, 1, 5)]);
    }
}
