using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Tests.Data;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

/// <summary>The database refuses changes of the audit to everybody, also to the portal's own login.</summary>
public sealed class AuditProtectionTests
{
    [PostgresFact]
    public async Task Rows_ChangedDeletedOrTruncatedByHand_AreRefused()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);
        await node.SealAsync(3);
        await node.WriteAsync(1);

        string[] statements =
        [
            """UPDATE "AuditEntries" SET "Action" = 'harmless' WHERE "Sequence" = 2""",
            """UPDATE "AuditEntries" SET "Sequence" = NULL, "Hash" = NULL, "PreviousHash" = NULL WHERE "Sequence" = 2""",
            """UPDATE "AuditEntries" SET "Hash" = "PreviousHash" WHERE "Sequence" = 2""",
            """UPDATE "AuditEntries" SET "Action" = 'harmless' WHERE "Sequence" IS NULL""",
            """UPDATE "AuditEntries" SET "Sequence" = 4, "PreviousHash" = '\x00', "Hash" = '\x00', "Action" = 'harmless' WHERE "Sequence" IS NULL""",
            """UPDATE "AuditEntries" SET "Sequence" = 4 WHERE "Sequence" IS NULL""",
            """DELETE FROM "AuditEntries" WHERE "Sequence" = 2""",
            """DELETE FROM "AuditEntries" WHERE "Sequence" IS NULL""",
            """SET blazoradmin.audit_cut = 'on'; DELETE FROM "AuditEntries" WHERE "Sequence" IS NULL""",
            """SET session_replication_role = 'replica'; DELETE FROM "AuditEntries" WHERE "Sequence" = 2""",
            """TRUNCATE "AuditEntries" """,
            """UPDATE "AuditCuts" SET "Rows" = 1""",
            """DELETE FROM "AuditCuts" """,
            """TRUNCATE "AuditCuts" """,
        ];
        foreach (var statement in statements)
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => RunAsync(node, statement), statement);
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
            refused.MessageText.ShouldContain("append-only");
        }

        await node.Sealer.SealAsync(default);
        (await node.VerifyAsync()).ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Rows.ShouldBe(4), r => r.Protected.ShouldBeTrue());
    }

    [PostgresFact]
    public async Task Seed_RunTwiceOrAfterATriggerWasSwitchedOff_ProtectsAgain()
    {
        await using var node = await ChainNode.CreateAsync();
        await using var db = node.Open();
        var (seed, sql) = (SeedOf(node), node.Get<IAuditSql>());
        (await sql.IsProtectedAsync(db, default)).ShouldBeFalse();

        await seed.SeedAsync(db, default);
        await seed.SeedAsync(db, default);
        (await sql.IsProtectedAsync(db, default)).ShouldBeTrue();
        await node.ExecuteAsync($"""ALTER TABLE "AuditEntries" DISABLE TRIGGER "AuditEntries_Rows" """);
        (await sql.IsProtectedAsync(db, default)).ShouldBeFalse();
        (await node.VerifyAsync()).Protected.ShouldBeFalse();

        await seed.SeedAsync(db, default);
        (await sql.IsProtectedAsync(db, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Rows_WrittenAndSealedUnderProtection_Work()
    {
        await using var node = await ChainNode.CreateAsync(isProtected: true);

        await node.SealAsync(2);

        await using var db = node.Open();
        (await db.Set<AuditEntry>().CountAsync(e => e.Sequence != null)).ShouldBe(2);
    }

    private static AuditProtectionSeed SeedOf(ChainNode node) => new(node.Get<IAuditSql>(), Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditProtectionSeed>.Instance);

    private static async Task RunAsync(ChainNode node, string statement)
    {
        // Without the pool: some statements change the session.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(node.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
