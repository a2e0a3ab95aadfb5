namespace BlazorAdmin.Features.Jobs;

public sealed partial class SqlServerJobSql
{
    private const string FinishTail = """
        UPDATE j SET
          State = CASE WHEN d.State = 'Queued' AND j.CancelRequested = 1 THEN 'Cancelled' ELSE d.State END,
          Error = CASE WHEN d.State = 'Succeeded' THEN NULL ELSE COALESCE(d.Error, j.Error) END,
          StartedAt = CASE WHEN d.Began = 1 THEN DATEADD(millisecond, -d.Ago - d.Ran, @now) ELSE j.StartedAt END,
          FinishedAt = CASE WHEN d.State = 'Queued' AND j.CancelRequested = 0 THEN NULL ELSE DATEADD(millisecond, -d.Ago, @now) END,
          DueAt = CASE WHEN d.State = 'Queued' AND d.Delay IS NOT NULL THEN DATEADD(millisecond, d.Delay, @now) ELSE j.DueAt END,
          Progress = CASE WHEN d.State = 'Succeeded' AND j.Progress IS NOT NULL THEN 100 ELSE j.Progress END,
          Attempts = j.Attempts - CASE WHEN d.Counts = 1 THEN 0 ELSE 1 END,
          Cursor = CASE WHEN d.State = 'Succeeded' THEN NULL ELSE j.Cursor END,
          Token = NULL, LeaseUntil = NULL, StuckAt = NULL, Version = j.Version + 1
        OUTPUT inserted.Id, deleted.Token, inserted.State, inserted.Version, deleted.Attempts, inserted.StartedAt, DATEADD(millisecond, -d.Ago, @now), inserted.Node, d.Outcome, d.Error,
          d.Began, inserted.HasFollowers, CASE WHEN inserted.BatchId IS NULL THEN 0 ELSE 1 END
          INTO @changed (Id, Token, State, Version, Number, StartedAt, EndedAt, Node, Outcome, Error, Began, HasFollowers, InBatch)
        FROM Jobs j JOIN @ended d ON j.Id = d.Id AND j.Token = d.Token
        WHERE j.State = 'Running';
        """;

    private const string TakeBackSql = """
        SET NOCOUNT ON; SET XACT_ABORT ON;
        DECLARE @now datetimeoffset = SYSDATETIMEOFFSET() AT TIME ZONE 'UTC';
        """ + Changed + """
        BEGIN TRANSACTION;
        UPDATE j SET
          State = CASE WHEN j.CancelRequested = 1 THEN 'Cancelled' WHEN j.Attempts >= j.MaxAttempts THEN 'Failed' ELSE 'Queued' END,
          Error = @reason,
          FinishedAt = CASE WHEN j.CancelRequested = 1 OR j.Attempts >= j.MaxAttempts THEN @now END,
          DueAt = CASE WHEN j.Attempts <= 1 THEN j.DueAt ELSE DATEADD(second, 10 * CASE WHEN j.Attempts > 7 THEN 6 ELSE j.Attempts - 1 END, @now) END,
          Token = NULL, LeaseUntil = NULL, StuckAt = NULL, Version = j.Version + 1
        OUTPUT inserted.Id, deleted.Token, inserted.State, inserted.Version, deleted.Attempts, inserted.StartedAt, @now, inserted.Node, 'NodeLost', @reason,
          1, inserted.HasFollowers, CASE WHEN inserted.BatchId IS NULL THEN 0 ELSE 1 END
          INTO @changed (Id, Token, State, Version, Number, StartedAt, EndedAt, Node, Outcome, Error, Began, HasFollowers, InBatch)
        FROM Jobs j
        WHERE j.State = 'Running' AND j.Id IN (
          SELECT TOP (1000) Id FROM Jobs WITH (UPDLOCK, READPAST, ROWLOCK, READCOMMITTEDLOCK)
          WHERE State = 'Running' AND ((@node IS NULL AND LeaseUntil < @now) OR Node = @node) ORDER BY Id);
        """ + History;

    private const string ClaimSql = """
        INSERT INTO @picks (Type, LimitKey, Priority, Take, Room)
          SELECT t.Type, NULL, p.Priority, t.Room, t.Room
          FROM @types t CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) p (Priority)
          CROSS APPLY (SELECT TOP (1) DueAt FROM Jobs WITH (READPAST) WHERE State = 'Queued' AND LimitKey IS NULL AND Type = t.Type AND Priority = p.Priority AND DueAt <= @now ORDER BY DueAt) h
          ORDER BY CASE WHEN h.DueAt < DATEADD(second, -@patience, @now) THEN 0 ELSE 1 END, p.Priority DESC, h.DueAt;
        """;

    private const string MayClaimSql = """

        DECLARE @now datetimeoffset = SYSDATETIMEOFFSET() AT TIME ZONE 'UTC';
        SELECT CAST(CASE
          WHEN EXISTS (SELECT 1 FROM @types t CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) p (Priority)
            WHERE EXISTS (SELECT 1 FROM Jobs WITH (READPAST) WHERE State = 'Queued' AND LimitKey IS NULL AND Type = t.Type AND Priority = p.Priority AND DueAt <= @now)) THEN 1
          WHEN EXISTS (SELECT 1 FROM Jobs WITH (READPAST) WHERE State = 'Queued' AND LimitKey IS NOT NULL) THEN 1
          ELSE 0 END AS bit);
        """;

    private const string PicksTable = """

        DECLARE @now datetimeoffset = SYSDATETIMEOFFSET() AT TIME ZONE 'UTC';
        DECLARE @picks TABLE (Place int IDENTITY PRIMARY KEY, Type nvarchar(100), LimitKey nvarchar(200), Priority int, Take int, Room int);
        DECLARE @ids TABLE (Id bigint PRIMARY KEY);
        BEGIN TRANSACTION;

        """;

    private const string ClaimTail = """

        INSERT INTO @ids (Id)
          SELECT r.Id FROM (
            SELECT TOP (@max) j.Id, p.Room, ROW_NUMBER() OVER (PARTITION BY p.Type ORDER BY p.Place, j.DueAt, j.Id) AS Number
            FROM @picks p CROSS APPLY (
              SELECT a.Id, a.DueAt FROM (
                SELECT TOP (p.Take) Id, DueAt FROM Jobs WITH (UPDLOCK, READPAST, ROWLOCK, READCOMMITTEDLOCK)
                WHERE p.LimitKey IS NULL AND State = 'Queued' AND LimitKey IS NULL AND Type = p.Type AND Priority = p.Priority AND DueAt <= @now ORDER BY DueAt, Id) a
              UNION ALL
              SELECT b.Id, b.DueAt FROM (
                SELECT TOP (p.Take) Id, DueAt FROM Jobs WITH (UPDLOCK, READPAST, ROWLOCK, READCOMMITTEDLOCK)
                WHERE p.LimitKey IS NOT NULL AND State = 'Queued' AND LimitKey = p.LimitKey AND Type = p.Type AND Priority = p.Priority AND DueAt <= @now ORDER BY DueAt, Id) b) j
            ORDER BY p.Place, j.DueAt, j.Id) r
          WHERE r.Number <= r.Room;
        UPDATE j SET State = 'Running', Token = NEWID(), Attempts = j.Attempts + 1, Node = @node, StartedAt = @now,
          LeaseUntil = DATEADD(millisecond, @lease, @now), Progress = NULL, ProgressMessage = NULL, CancelRequested = 0, StopRequestedAt = NULL, StuckAt = NULL, Version = j.Version + 1
        OUTPUT inserted.Id, inserted.Token, inserted.TenantId, inserted.OwnerId, inserted.Type, inserted.Arguments, inserted.IdempotencyKey,
          inserted.Attempts, inserted.MaxAttempts, inserted.Version, inserted.Priority, inserted.Cursor,
          CAST(DATEDIFF_BIG(millisecond, inserted.DueAt, @now) AS float) / 1000, inserted.LimitKey
        FROM Jobs j JOIN @ids d ON d.Id = j.Id
        WHERE j.State = 'Queued';
        COMMIT;
        """;

    private const string HeadsSql = """
        SELECT t.Type, CAST(NULL AS nvarchar(200)) AS LimitKey, h.Priority, h.DueAt
        FROM @types t CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) p (Priority)
        CROSS APPLY (SELECT TOP (1) Priority, DueAt FROM Jobs WHERE State = 'Queued' AND LimitKey IS NULL AND Type = t.Type AND Priority = p.Priority ORDER BY DueAt) h;
        SELECT TOP (@most) Type, LimitKey, Priority, MIN(DueAt) AS DueAt FROM Jobs
        WHERE State = 'Queued' AND LimitKey IS NOT NULL AND (Type > @fromType OR (Type = @fromType AND LimitKey > @fromKey))
        GROUP BY Type, LimitKey, Priority ORDER BY Type, LimitKey, Priority;
        """;

    private const string Changed = """

        DECLARE @changed TABLE (Id bigint, Token uniqueidentifier, State varchar(32), Version int, Number int, StartedAt datetimeoffset, EndedAt datetimeoffset, Node nvarchar(100),
          Outcome varchar(32), Error nvarchar(4000), Began bit, HasFollowers bit, InBatch bit);

        """;

    private const string History = """

        INSERT INTO JobAttempts (JobId, Token, Number, StartedAt, FinishedAt, Node, Outcome, Error)
          SELECT Id, Token, Number, StartedAt, EndedAt, Node, Outcome, Error FROM @changed WHERE Began = 1;
        COMMIT;
        SELECT Id, Token, State, Version, HasFollowers, InBatch FROM @changed;
        """;
}
