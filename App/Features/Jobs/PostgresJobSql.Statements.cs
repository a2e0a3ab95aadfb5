namespace BlazorAdmin.Features.Jobs;

public sealed partial class PostgresJobSql
{
    // A loose index scan (PostgreSQL wiki, "Loose indexscan") finds the pairs of type and priority that wait.
    private const string Heads = """
        WITH RECURSIVE heads AS (
          (SELECT "Type", "Priority", "DueAt" FROM "Jobs" WHERE "State" = 'Queued' AND "LimitKey" IS NULL ORDER BY "Type", "Priority", "DueAt" LIMIT 1)
          UNION ALL
          SELECT n.* FROM heads h CROSS JOIN LATERAL (
            SELECT "Type", "Priority", "DueAt" FROM "Jobs"
            WHERE "State" = 'Queued' AND "LimitKey" IS NULL AND ("Type", "Priority") > (h."Type", h."Priority")
            ORDER BY "Type", "Priority", "DueAt" LIMIT 1) n)
        """;

    // Each pair that waits is one short range of the index. What is paused, due later or less urgent costs nothing, however much of it waits.
    // A lost claim is only a second run, so its commit need not wait for the disk (set_config holds for this transaction).
    internal const string ClaimSql = Heads + """
        ,
        pairs AS MATERIALIZED (
          SELECT h."Type", h."Priority", t.room, row_number() OVER (
            ORDER BY CASE WHEN @aged AND h."DueAt" < now() - @patience THEN h."DueAt" END NULLS LAST, h."Priority" DESC, h."DueAt") AS place
          FROM heads h JOIN unnest(@types, @rooms) AS t(type, room) ON t.type = h."Type" WHERE h."DueAt" <= now()),
        ready AS MATERIALIZED (
          SELECT j."Id", p."Type", p.place, j."DueAt", p.room
          FROM (SELECT * FROM pairs ORDER BY place) p
          CROSS JOIN LATERAL (
            SELECT "Id", "DueAt" FROM "Jobs"
            WHERE "State" = 'Queued' AND "LimitKey" IS NULL AND "Type" = p."Type" AND "Priority" = p."Priority" AND "DueAt" <= now()
            ORDER BY "DueAt", "Id" LIMIT least(p.room, @max) FOR UPDATE SKIP LOCKED) j
          LIMIT @max),
        picked AS (
          SELECT r."Id" FROM (SELECT "Id", room, row_number() OVER (PARTITION BY "Type" ORDER BY place, "DueAt", "Id") AS n FROM ready) r WHERE r.n <= r.room),
        """ + ClaimTail;

    internal const string MayClaimSql = Heads + "\n" + """
        SELECT EXISTS (SELECT 1 FROM heads WHERE "DueAt" <= now() AND "Type" = ANY(@types))
          OR EXISTS (SELECT 1 FROM (SELECT "Type" FROM "Jobs" WHERE "State" = 'Queued' AND "LimitKey" IS NOT NULL ORDER BY "Type", "LimitKey", "Priority", "DueAt" LIMIT 1) k)
        """;

    private const string ClaimTail = """
        claimed AS (
          UPDATE "Jobs" j SET "State" = 'Running', "Token" = gen_random_uuid(), "Attempts" = j."Attempts" + 1, "Node" = @node,
            "StartedAt" = clock_timestamp(), "LeaseUntil" = clock_timestamp() + @lease, "Progress" = NULL, "ProgressMessage" = NULL,
            "CancelRequested" = FALSE, "StopRequestedAt" = NULL, "StuckAt" = NULL, "Version" = j."Version" + 1
          FROM picked WHERE j."Id" = picked."Id" AND j."State" = 'Queued'
          RETURNING j.*)
        SELECT "Id", "Token", "TenantId", "OwnerId", "Type", "Arguments", "IdempotencyKey", "Attempts", "MaxAttempts", "Version",
          "Priority", "Cursor", greatest(extract(epoch FROM "StartedAt" - "DueAt"), 0)::float8, "LimitKey",
          (SELECT set_config('synchronous_commit', 'off', true))
        FROM claimed ORDER BY "Priority" DESC, "DueAt", "Id"
        """;

    private const string HeadsByKeySql = """
        WITH RECURSIVE heads AS (
          (SELECT "Type", "LimitKey", "Priority", "DueAt" FROM "Jobs"
           WHERE "State" = 'Queued' AND "LimitKey" IS NOT NULL AND ("Type", "LimitKey") > (@fromType, @fromKey) ORDER BY "Type", "LimitKey", "Priority", "DueAt" LIMIT 1)
          UNION ALL
          SELECT n.* FROM heads h CROSS JOIN LATERAL (
            SELECT "Type", "LimitKey", "Priority", "DueAt" FROM "Jobs"
            WHERE "State" = 'Queued' AND "LimitKey" IS NOT NULL AND ("Type", "LimitKey", "Priority") > (h."Type", h."LimitKey", h."Priority")
            ORDER BY "Type", "LimitKey", "Priority", "DueAt" LIMIT 1) n)
        SELECT "Type", "LimitKey", "Priority", "DueAt" FROM heads LIMIT @most
        """;

    private const string HeadsSql = """
        SELECT t.type, NULL::text, j."Priority", j."DueAt"
        FROM unnest(@types) AS t(type) CROSS JOIN generate_series(1, 10) AS p(priority)
        CROSS JOIN LATERAL (
          SELECT "Priority", "DueAt" FROM "Jobs" WHERE "State" = 'Queued' AND "LimitKey" IS NULL AND "Type" = t.type AND "Priority" = p.priority ORDER BY "DueAt" LIMIT 1) j
        """;

    private const string ClaimPicksSql = """
        WITH picks AS (SELECT * FROM unnest(@types, @keys, @priorities, @takes) AS p(type, key, priority, take)),
        plain AS MATERIALIZED (
          SELECT j."Id" FROM picks p CROSS JOIN LATERAL (
            SELECT "Id" FROM "Jobs"
            WHERE "State" = 'Queued' AND "LimitKey" IS NULL AND "Type" = p.type AND "Priority" = p.priority AND "DueAt" <= now()
            ORDER BY "DueAt", "Id" LIMIT p.take FOR UPDATE SKIP LOCKED) j
          WHERE p.key IS NULL),
        keyed AS MATERIALIZED (
          SELECT j."Id" FROM picks p CROSS JOIN LATERAL (
            SELECT "Id" FROM "Jobs"
            WHERE "State" = 'Queued' AND "LimitKey" IS NOT NULL AND "Type" = p.type AND "LimitKey" = p.key AND "Priority" = p.priority AND "DueAt" <= now()
            ORDER BY "DueAt", "Id" LIMIT p.take FOR UPDATE SKIP LOCKED) j
          WHERE p.key IS NOT NULL),
        picked AS (SELECT "Id" FROM plain UNION ALL SELECT "Id" FROM keyed),
        """ + ClaimTail;

    private const string ReportSql = """
        WITH held AS (
          UPDATE "Jobs" j SET "Progress" = COALESCE(d.progress, j."Progress"), "ProgressMessage" = COALESCE(d.message, j."ProgressMessage"), "Version" = j."Version" + 1
          FROM unnest(@ids, @tokens, @progress, @messages) AS d(id, token, progress, message)
          WHERE j."Id" = d.id AND j."Token" = d.token AND j."State" = 'Running'
          RETURNING j."Id", j."Token", j."State", j."Version", j."Attempts"),
        lines AS (
          INSERT INTO "JobLogLines" ("JobId", "Attempt", "At", "Level", "Message")
          SELECT h."Id", h."Attempts", l.at, l.level, l.text
          FROM unnest(@lineTokens, @lineTimes, @lineLevels, @lineTexts) WITH ORDINALITY AS l(token, at, level, text, place)
          JOIN held h ON h."Token" = l.token ORDER BY l.place)
        SELECT "Id", "Token", "State", "Version", FALSE, FALSE FROM held
        """;

    private const string FinishSql = """
        WITH ended AS (
          UPDATE "Jobs" j SET
            "State" = CASE WHEN d.state = 'Queued' AND j."CancelRequested" THEN 'Cancelled' ELSE d.state END,
            "Error" = CASE WHEN d.state = 'Succeeded' THEN NULL ELSE COALESCE(d.error, j."Error") END,
            "StartedAt" = CASE WHEN d.began THEN clock_timestamp() - d.ago - d.ran ELSE j."StartedAt" END,
            "FinishedAt" = CASE WHEN d.state = 'Queued' AND NOT j."CancelRequested" THEN NULL ELSE clock_timestamp() - d.ago END,
            "DueAt" = CASE WHEN d.state = 'Queued' AND d.delay IS NOT NULL THEN clock_timestamp() + d.delay ELSE j."DueAt" END,
            "Progress" = CASE WHEN d.state = 'Succeeded' AND j."Progress" IS NOT NULL THEN 100 ELSE j."Progress" END,
            "Attempts" = j."Attempts" - CASE WHEN d.counts THEN 0 ELSE 1 END,
            "Cursor" = CASE WHEN d.state = 'Succeeded' THEN NULL ELSE j."Cursor" END,
            "Token" = NULL, "LeaseUntil" = NULL, "StuckAt" = NULL, "Version" = j."Version" + 1
          FROM unnest(@ids, @tokens, @states, @outcomes, @errors, @delays, @counts, @began, @ran, @ago) AS d(id, token, state, outcome, error, delay, counts, began, ran, ago)
          WHERE j."Id" = d.id AND j."Token" = d.token AND j."State" = 'Running'
          RETURNING j."Id", d.token, j."State", j."Version", j."Attempts" + CASE WHEN d.counts THEN 0 ELSE 1 END AS number, j."StartedAt", clock_timestamp() - d.ago AS ended_at,
            j."Node", d.outcome, d.error, d.began, j."HasFollowers", j."BatchId"),
        history AS (
          INSERT INTO "JobAttempts" ("JobId", "Token", "Number", "StartedAt", "FinishedAt", "Node", "Outcome", "Error")
          SELECT "Id", token, number, "StartedAt", ended_at, "Node", outcome, error FROM ended WHERE began)
        SELECT "Id", token, "State", "Version", "HasFollowers", "BatchId" IS NOT NULL FROM ended
        """;

    private const string BeatSql = """
        WITH me AS (
          INSERT INTO "WorkerNodes" ("Name", "Instance", "StartedAt", "HeartbeatAt", "Slots", "Running", "Buffered", "Draining")
          VALUES (@node, @instance, @started, clock_timestamp(), @slots, @running, @buffered, FALSE)
          ON CONFLICT ("Name") DO UPDATE SET "Instance" = excluded."Instance", "StartedAt" = excluded."StartedAt",
            "HeartbeatAt" = excluded."HeartbeatAt", "Slots" = excluded."Slots", "Running" = excluded."Running", "Buffered" = excluded."Buffered"
          RETURNING "Draining"),
        held AS (
          UPDATE "Jobs" j SET "LeaseUntil" = clock_timestamp() + @lease,
            "StopRequestedAt" = COALESCE(j."StopRequestedAt", CASE WHEN d.stopping THEN clock_timestamp() END),
            "StuckAt" = COALESCE(j."StuckAt", CASE WHEN d.stuck THEN clock_timestamp() END),
            "Version" = j."Version" + CASE WHEN d.stuck AND j."StuckAt" IS NULL THEN 1 ELSE 0 END
          FROM unnest(@ids, @tokens, @stopping, @stuck) AS d(id, token, stopping, stuck)
          WHERE j."Id" = d.id AND j."Token" = d.token AND j."State" = 'Running'
          RETURNING j."Id", j."Token", j."CancelRequested", j."Version", d.stuck AND j."StuckAt" >= now() AS changed)
        SELECT "Id", "Token", "CancelRequested", "Version", changed, NULL::boolean FROM held
        UNION ALL SELECT 0, NULL, FALSE, 0, EXISTS (SELECT 1 FROM "Jobs" WHERE "State" = 'Running' AND "LeaseUntil" < clock_timestamp()), "Draining" FROM me
        """;

    // The first loss keeps its place in the queue; a job that keeps killing its process waits longer each time.
    private const string TakeBackSql = """
        WITH lost AS MATERIALIZED (
          SELECT "Id", "Token" FROM "Jobs"
          WHERE "State" = 'Running' AND CASE WHEN @node::text IS NULL THEN "LeaseUntil" < clock_timestamp() ELSE "Node" = @node END
          ORDER BY "Id" LIMIT 1000 FOR UPDATE SKIP LOCKED),
        back AS (
          UPDATE "Jobs" j SET
            "State" = CASE WHEN j."CancelRequested" THEN 'Cancelled' WHEN j."Attempts" >= j."MaxAttempts" THEN 'Failed' ELSE 'Queued' END,
            "Error" = @reason,
            "FinishedAt" = CASE WHEN j."CancelRequested" OR j."Attempts" >= j."MaxAttempts" THEN clock_timestamp() END,
            "DueAt" = CASE WHEN j."Attempts" <= 1 THEN j."DueAt" ELSE clock_timestamp() + least(j."Attempts" - 1, 6) * interval '10 seconds' END,
            "Token" = NULL, "LeaseUntil" = NULL, "StuckAt" = NULL, "Version" = j."Version" + 1
          FROM lost WHERE j."Id" = lost."Id" AND j."State" = 'Running'
          RETURNING j."Id", lost."Token", j."State", j."Version", j."Attempts", j."StartedAt", j."Node", j."HasFollowers", j."BatchId"),
        history AS (
          INSERT INTO "JobAttempts" ("JobId", "Token", "Number", "StartedAt", "FinishedAt", "Node", "Outcome", "Error")
          SELECT "Id", "Token", "Attempts", "StartedAt", clock_timestamp(), "Node", 'NodeLost', @reason FROM back)
        SELECT "Id", "Token", "State", "Version", "HasFollowers", "BatchId" IS NOT NULL FROM back
        """;
}
