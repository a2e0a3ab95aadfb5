using System.Reflection;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

/// <summary>The same on the table itself, by somebody who can switch the protection off.</summary>
public sealed class StoredTamperTests
{
    private const int Rows = 20;

    [Fact]
    public async Task Column_ChangedInTheTable_IsNamed()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(Rows);
        var random = new Random(7);
        var columns = typeof(AuditEntry).GetProperties().Where(p => p.Name is not nameof(AuditEntry.Id) and not nameof(AuditEntry.Sequence)).ToList();
        foreach (var column in columns.Concat(columns).Concat(columns))
        {
            var place = random.Next(1, Rows + 1);
            var before = await ChangeAsync(node, place, column, value => Other(column, value));

            var report = await node.VerifyAsync();

            report.ProblemCount.ShouldBe(1, column.Name);
            report.Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Kind.ShouldBe(ChainProblemKind.Changed, column.Name), p => p.Sequence.ShouldBe(place, column.Name));
            await ChangeAsync(node, place, column, _ => before);
        }

        (await node.VerifyAsync()).IsSound.ShouldBeTrue("everything was put back");
    }

    [Fact]
    public async Task Rows_DeletedMovedOrUnsealed_AreNamed()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(Rows);

        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Outcome" = 'Perhaps' WHERE "Sequence" = 3""");
        await node.ExecuteAsync($"""DELETE FROM "AuditEntries" WHERE "Sequence" IN (6, 7)""");
        // Two rows change places, by way of a place that no row has.
        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Sequence" = 1000 WHERE "Sequence" = 10""");
        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Sequence" = 10 WHERE "Sequence" = 12""");
        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Sequence" = 12 WHERE "Sequence" = 1000""");
        await node.ExecuteAsync($"""UPDATE "AuditEntries" SET "Sequence" = -5 WHERE "Sequence" = 15""");
        await node.ExecuteAsync($"""DELETE FROM "AuditEntries" WHERE "Sequence" = 20""");

        var report = await node.VerifyAsync();

        report.Problems.ShouldContain(p => p.Kind == ChainProblemKind.Changed && p.Sequence == 3, "a value that the portal does not know");
        report.Problems.ShouldContain(new ChainProblem(ChainProblemKind.Missing, 6, 2));
        report.Problems.ShouldContain(p => p.Kind == ChainProblemKind.Moved && p.Sequence == 10);
        report.Problems.ShouldContain(p => p.Kind == ChainProblemKind.Moved && p.Sequence == 12);
        report.Problems.ShouldContain(new ChainProblem(ChainProblemKind.Missing, 15));
        report.Problems.ShouldContain(p => p.Kind == ChainProblemKind.BeforeBeginning && p.Count == 1);
        report.Problems.ShouldContain(new ChainProblem(ChainProblemKind.TailMissing, 20));
    }

    [Fact]
    public async Task Anchors_ForgedInBothPlaces_AreNamed()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.SealAsync(2);
        await node.ExecuteAsync($"""UPDATE "SystemValues" SET "Value" = 'v1 2 nothing' WHERE "Key" = {ChainAnchors.Key}""");
        await File.WriteAllTextAsync(node.AnchorFile.FilePath, node.AnchorFile.Read()!.Replace("v1 2 ", "v1 3 ", StringComparison.Ordinal));

        (await node.VerifyAsync()).Problems.Select(p => p.Kind).ShouldBe([ChainProblemKind.AnchorForged, ChainProblemKind.AnchorForged]);
    }

    [Fact]
    public async Task Verify_WithoutAnyRow_IsSound()
    {
        await using var node = await ChainNode.CreateAsync();
        await node.WriteAsync(1);

        (await node.VerifyAsync()).ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Rows.ShouldBe(0), r => r.Unsealed.ShouldBe(1));
    }

    [Fact]
    public async Task Verify_LongerThanAPage_ReportsProgressToTheEnd()
    {
        await using var node = await ChainNode.CreateAsync();
        await using (var db = node.Open())
        {
            for (var i = 0; i < AuditVerifier.PageSize + 5; i++) db.Add(new AuditEntry { Action = "tests.many" });
            await db.SaveChangesAsync();
        }

        await node.Sealer.SealAsync(default);
        var told = new List<double>();
        var report = await node.Get<AuditVerifier>().VerifyAsync(told.Add, default);

        (report.IsSound, report.Rows).ShouldBe((true, AuditVerifier.PageSize + 5));
        told.Count.ShouldBe(2);
        told[^1].ShouldBe(100);
    }

    private static async Task<object?> ChangeAsync(ChainNode node, int place, PropertyInfo column, Func<object?, object?> change)
    {
        await using var db = node.Open();
        var row = await db.Set<AuditEntry>().SingleAsync(e => e.Sequence == place);
        var before = column.GetValue(row);
        column.SetValue(row, change(before));
        await db.SaveChangesAsync();
        return before;
    }

    private static object Other(PropertyInfo column, object? value) => value switch
    {
        string text => text.Length > 1 ? text[1..] : "x",
        byte[] bytes => bytes.Select((b, i) => i == 5 ? (byte)(b ^ 1) : b).ToArray(),
        int number => number + 1,
        DateTimeOffset at => at.AddTicks(10),
        AuditOutcome outcome => outcome == AuditOutcome.Done ? AuditOutcome.Failed : AuditOutcome.Done,
        _ when column.PropertyType == typeof(string) => "x",
        _ => Guid.NewGuid(),
    };
}
