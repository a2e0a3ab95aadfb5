using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Triggers of SQL Server. TRUNCATE fires none there; it needs the right to alter the table, which the portal's login should
/// not have beyond an upgrade.
/// </summary>
public sealed class SqlServerAuditSql : IAuditSql
{
    private const string Version = "audit protection 1";

    private const string Rows = $"""
        CREATE OR ALTER TRIGGER [AuditEntries_Rows] ON [AuditEntries] AFTER UPDATE, DELETE AS
        BEGIN
          -- {Version}
          SET NOCOUNT ON;
          IF NOT EXISTS (SELECT 1 FROM deleted) RETURN;
          IF EXISTS (SELECT 1 FROM inserted)
          BEGIN
            IF NOT (UPDATE([TenantId]) OR UPDATE([At]) OR UPDATE([ActorId]) OR UPDATE([SessionId]) OR UPDATE([Address]) OR UPDATE([Node]) OR UPDATE([Action]) OR UPDATE([Outcome])
              OR UPDATE([SubjectType]) OR UPDATE([SubjectId]) OR UPDATE([SubjectName]) OR UPDATE([Count]) OR UPDATE([Detail]))
            BEGIN
              IF NOT (UPDATE([Before]) OR UPDATE([After]))
                AND NOT EXISTS (SELECT 1 FROM deleted WHERE [Sequence] IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM inserted WHERE [Sequence] IS NULL OR [PreviousHash] IS NULL OR [Hash] IS NULL) RETURN;
              IF CAST(SESSION_CONTEXT(N'blazoradmin.audit_erasure') AS int) = 1 AND NOT (UPDATE([Sequence]) OR UPDATE([PreviousHash]) OR UPDATE([Hash])) RETURN;
            END
          END
          ELSE IF CAST(SESSION_CONTEXT(N'blazoradmin.audit_cut') AS int) = 1 AND NOT EXISTS (SELECT 1 FROM deleted WHERE [Sequence] IS NULL) RETURN;
          THROW 51000, N'The audit is append-only.', 1;
        END
        """;

    private const string Cuts = $"""
        CREATE OR ALTER TRIGGER [AuditCuts_Rows] ON [AuditCuts] AFTER UPDATE, DELETE AS
        BEGIN
          -- {Version}
          SET NOCOUNT ON;
          IF EXISTS (SELECT 1 FROM deleted) THROW 51000, N'The audit is append-only.', 1;
        END
        """;

    private const string InPlace = $"""
        SELECT COUNT(*) AS [Value] FROM sys.triggers
        WHERE is_disabled = 0 AND name IN (N'AuditEntries_Rows', N'AuditCuts_Rows') AND OBJECT_DEFINITION(object_id) LIKE N'%{Version}%'
        """;

    public async Task<bool> IsProtectedAsync(AppDbContext db, CancellationToken cancellation) => await db.Database.SqlQueryRaw<int>(InPlace).SingleAsync(cancellation) == 2;

    public async Task ProtectAsync(AppDbContext db, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync(Rows, cancellation);
        await db.Database.ExecuteSqlRawAsync(Cuts, cancellation);
    }

    public async Task<IAsyncDisposable> AllowAsync(AppDbContext db, AuditException exception, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync(exception == AuditException.Cut ? "EXEC sp_set_session_context N'blazoradmin.audit_cut', 1" : "EXEC sp_set_session_context N'blazoradmin.audit_erasure', 1", cancellation);
        return new Closed(db);
    }

    private sealed class Closed(AppDbContext db) : IAsyncDisposable
    {
        // The context belongs to the session, not to the transaction.
        public async ValueTask DisposeAsync() =>
            await db.Database.ExecuteSqlRawAsync("EXEC sp_set_session_context N'blazoradmin.audit_cut', 0; EXEC sp_set_session_context N'blazoradmin.audit_erasure', 0");
    }
}
