using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Triggers that fire for every role, also while a session replays replication (ENABLE ALWAYS); TRUNCATE is refused too.</summary>
public sealed class PostgresAuditSql : IAuditSql
{
    private const string Refuse = """

        BEGIN
          RAISE EXCEPTION 'The audit is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END

        """;

    private const string Rows = """

        DECLARE
          compared "AuditEntries"%ROWTYPE;
        BEGIN
          IF TG_OP = 'DELETE' THEN
            IF OLD."Sequence" IS NOT NULL AND current_setting('blazoradmin.audit_cut', true) = 'on' THEN
              RETURN OLD;
            END IF;
          ELSE
            compared := NEW;
            IF OLD."Sequence" IS NULL AND NEW."Sequence" IS NOT NULL AND NEW."PreviousHash" IS NOT NULL AND NEW."Hash" IS NOT NULL THEN
              compared."Sequence" := OLD."Sequence";
              compared."PreviousHash" := OLD."PreviousHash";
              compared."Hash" := OLD."Hash";
            ELSIF current_setting('blazoradmin.audit_erasure', true) = 'on' THEN
              compared."Before" := OLD."Before";
              compared."After" := OLD."After";
            ELSE
              compared := NULL;
            END IF;
            IF compared IS NOT DISTINCT FROM OLD THEN
              RETURN NEW;
            END IF;
          END IF;
          RAISE EXCEPTION 'The audit is append-only: % of row % is refused.', TG_OP, OLD."Id" USING ERRCODE = 'insufficient_privilege';
        END

        """;

    private const string Install = $"""
        CREATE OR REPLACE FUNCTION "AuditRefuse"() RETURNS trigger LANGUAGE plpgsql AS $body${Refuse}$body$;
        CREATE OR REPLACE FUNCTION "AuditRows"() RETURNS trigger LANGUAGE plpgsql AS $body${Rows}$body$;
        CREATE OR REPLACE TRIGGER "AuditEntries_Rows" BEFORE UPDATE OR DELETE ON "AuditEntries" FOR EACH ROW EXECUTE FUNCTION "AuditRows"();
        CREATE OR REPLACE TRIGGER "AuditEntries_Truncate" BEFORE TRUNCATE ON "AuditEntries" FOR EACH STATEMENT EXECUTE FUNCTION "AuditRefuse"();
        CREATE OR REPLACE TRIGGER "AuditCuts_Rows" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditCuts" FOR EACH STATEMENT EXECUTE FUNCTION "AuditRefuse"();
        ALTER TABLE "AuditEntries" ENABLE ALWAYS TRIGGER "AuditEntries_Rows";
        ALTER TABLE "AuditEntries" ENABLE ALWAYS TRIGGER "AuditEntries_Truncate";
        ALTER TABLE "AuditCuts" ENABLE ALWAYS TRIGGER "AuditCuts_Rows";
        """;

    private const string InPlace = """
        SELECT count(*)::int AS "Value" FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgenabled = 'A' AND ((t.tgrelid = '"AuditEntries"'::regclass AND t.tgname = 'AuditEntries_Rows' AND p.prosrc = {0})
          OR (t.tgrelid = '"AuditEntries"'::regclass AND t.tgname = 'AuditEntries_Truncate' AND p.prosrc = {1})
          OR (t.tgrelid = '"AuditCuts"'::regclass AND t.tgname = 'AuditCuts_Rows' AND p.prosrc = {1}))
        """;

    public async Task<bool> IsProtectedAsync(AppDbContext db, CancellationToken cancellation) =>
        await db.Database.SqlQueryRaw<int>(InPlace, Rows, Refuse).SingleAsync(cancellation) == 3;

    public async Task ProtectAsync(AppDbContext db, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlRawAsync(Install, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IAsyncDisposable> AllowAsync(AppDbContext db, AuditException exception, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync(exception == AuditException.Cut ? "SET LOCAL blazoradmin.audit_cut = 'on'" : "SET LOCAL blazoradmin.audit_erasure = 'on'", cancellation);
        return new Closed(db);
    }

    private sealed class Closed(AppDbContext db) : IAsyncDisposable
    {
        // After a failed statement the transaction refuses this one, and forgets the setting with the rollback.
        public async ValueTask DisposeAsync()
        {
            try
            {
                await db.Database.ExecuteSqlRawAsync("SET LOCAL blazoradmin.audit_cut = 'off'; SET LOCAL blazoradmin.audit_erasure = 'off'");
            }
            catch (Npgsql.PostgresException exception) when (exception.SqlState == Npgsql.PostgresErrorCodes.InFailedSqlTransaction)
            {
                return;
            }
        }
    }
}
