using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Features.Jobs;

public sealed class PostgresJobSql : IJobSql
{
    // One index range for each priority, so that jobs due later or less urgent cost nothing however many wait.
    // A lost claim is only a second run, so its commit need not wait for the disk (set_config holds for this transaction).
    private const string ClaimSql = """
        WITH ready AS MATERIALIZED (
          SELECT j."Id", j."Type", j."DueAt", p.place
          FROM unnest(ARRAY[10,9,8,7,6,5,4,3,2,1]) WITH ORDINALITY AS p(priority, place)
          CROSS JOIN LATERAL (
            SELECT "Id", "Type", "DueAt" FROM "Jobs"
            WHERE "State" = 'Queued' AND "Priority" = p.priority AND "DueAt" <= now() AND "Type" = ANY(@types)
            ORDER BY "DueAt", "Id" LIMIT @max FOR UPDATE SKIP LOCKED) j
          LIMIT @max),
        picked AS (
          SELECT r."Id" FROM (SELECT "Id", "Type", row_number() OVER (PARTITION BY "Type" ORDER BY place, "DueAt", "Id") AS n FROM ready) r
          JOIN unnest(@types, @rooms) AS t(type, room) ON t.type = r."Type" WHERE r.n <= t.room),
        claimed AS (
          UPDATE "Jobs" j SET "State" = 'Running', "Token" = gen_random_uuid(), "Attempts" = j."Attempts" + 1, "Node" = @node,
            "StartedAt" = clock_timestamp(), "LeaseUntil" = clock_timestamp() + @lease, "Progress" = NULL, "ProgressMessage" = NULL,
            "CancelRequested" = FALSE, "Version" = j."Version" + 1
          FROM picked WHERE j."Id" = picked."Id" AND j."State" = 'Queued'
          RETURNING j.*)
        SELECT "Id", "Token", "TenantId", "OwnerId", "Type", "Arguments", "IdempotencyKey", "Attempts", "MaxAttempts", "Version",
          (SELECT set_config('synchronous_commit', 'off', true))
        FROM claimed ORDER BY "Priority" DESC, "DueAt", "Id"
        """;

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
        SELECT "Id", "Token", "State", "Version" FROM held
        """;

    private const string FinishSql = """
        WITH ended AS (
          UPDATE "Jobs" j SET
            "State" = CASE WHEN d.state = 'Queued' AND j."CancelRequested" THEN 'Cancelled' ELSE d.state END,
            "Error" = CASE WHEN d.state = 'Succeeded' THEN NULL ELSE COALESCE(d.error, j."Error") END,
            "FinishedAt" = CASE WHEN d.state = 'Queued' AND NOT j."CancelRequested" THEN NULL ELSE clock_timestamp() END,
            "DueAt" = CASE WHEN d.state = 'Queued' AND d.counts THEN clock_timestamp() + d.delay ELSE j."DueAt" END,
            "Progress" = CASE WHEN d.state = 'Succeeded' AND j."Progress" IS NOT NULL THEN 100 ELSE j."Progress" END,
            "Attempts" = j."Attempts" - CASE WHEN d.counts THEN 0 ELSE 1 END,
            "Token" = NULL, "LeaseUntil" = NULL, "Version" = j."Version" + 1
          FROM unnest(@ids, @tokens, @states, @outcomes, @errors, @delays, @counts) AS d(id, token, state, outcome, error, delay, counts)
          WHERE j."Id" = d.id AND j."Token" = d.token AND j."State" = 'Running'
          RETURNING j."Id", d.token, j."State", j."Version", j."Attempts" + CASE WHEN d.counts THEN 0 ELSE 1 END AS number, j."StartedAt", j."Node", d.outcome, d.error),
        history AS (
          INSERT INTO "JobAttempts" ("JobId", "Token", "Number", "StartedAt", "FinishedAt", "Node", "Outcome", "Error")
          SELECT "Id", token, number, "StartedAt", clock_timestamp(), "Node", outcome, error FROM ended)
        SELECT "Id", token, "State", "Version" FROM ended
        """;

    private const string BeatSql = """
        WITH me AS (
          INSERT INTO "WorkerNodes" ("Name", "Instance", "StartedAt", "HeartbeatAt", "Slots", "Running")
          VALUES (@node, @instance, @started, clock_timestamp(), @slots, cardinality(@ids))
          ON CONFLICT ("Name") DO UPDATE SET "Instance" = excluded."Instance", "StartedAt" = excluded."StartedAt",
            "HeartbeatAt" = excluded."HeartbeatAt", "Slots" = excluded."Slots", "Running" = excluded."Running")
        UPDATE "Jobs" j SET "LeaseUntil" = clock_timestamp() + @lease
        FROM unnest(@ids, @tokens) AS d(id, token)
        WHERE j."Id" = d.id AND j."Token" = d.token AND j."State" = 'Running'
        RETURNING j."Token", j."CancelRequested"
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
            "Token" = NULL, "LeaseUntil" = NULL, "Version" = j."Version" + 1
          FROM lost WHERE j."Id" = lost."Id" AND j."State" = 'Running'
          RETURNING j."Id", lost."Token", j."State", j."Version", j."Attempts", j."StartedAt", j."Node"),
        history AS (
          INSERT INTO "JobAttempts" ("JobId", "Token", "Number", "StartedAt", "FinishedAt", "Node", "Outcome", "Error")
          SELECT "Id", "Token", "Attempts", "StartedAt", clock_timestamp(), "Node", 'NodeLost', @reason FROM back)
        SELECT "Id", "Token", "State", "Version" FROM back
        """;

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation)
    {
        await using var command = Command(connection, null, ClaimSql,
            Text("types", claim.Types.Select(t => t.Type)), Of("rooms", claim.Types.Select(t => t.Room)), Of("max", claim.Max), Of("node", claim.Node), Of("lease", claim.Lease));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var jobs = new List<ClaimedJob>();
        while (await reader.ReadAsync(cancellation))
            jobs.Add(new ClaimedJob(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9)));
        return jobs;
    }

    public async Task<IReadOnlyList<WrittenJob>> ReportAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunReport> reports, CancellationToken cancellation)
    {
        var lines = reports.SelectMany(r => r.Lines.Select(l => (r.Token, Line: l))).ToList();
        await using var command = Command(connection, transaction, ReportSql,
            Of("ids", reports.Select(r => r.JobId)), Of("tokens", reports.Select(r => r.Token)),
            new NpgsqlParameter("progress", NpgsqlDbType.Array | NpgsqlDbType.Double) { Value = reports.Select(r => r.Progress).ToArray() },
            Text("messages", reports.Select(r => r.Message)),
            Of("lineTokens", lines.Select(l => l.Token)), Of("lineTimes", lines.Select(l => l.Line.At.UtcDateTime)),
            Text("lineLevels", lines.Select(l => l.Line.Level.ToString())), Text("lineTexts", lines.Select(l => l.Line.Message)));
        return await RowsAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<WrittenJob>> FinishAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunEnd> ends, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, FinishSql,
            Of("ids", ends.Select(e => e.JobId)), Of("tokens", ends.Select(e => e.Token)), Text("states", ends.Select(e => e.State.ToString())),
            Text("outcomes", ends.Select(e => e.Outcome.ToString())), Text("errors", ends.Select(e => e.Error)),
            Of("delays", ends.Select(e => e.Delay)), Of("counts", ends.Select(e => e.Counts)));
        return await RowsAsync(command, cancellation);
    }

    public IReadOnlyList<HeldLease> Beat(DbConnection connection, NodeBeat beat)
    {
        using var command = Command(connection, null, BeatSql,
            Of("node", beat.Node), Of("instance", beat.Instance), Of("started", beat.StartedAt.UtcDateTime), Of("slots", beat.Slots), Of("lease", beat.Lease),
            Of("ids", beat.Runs.Select(r => r.JobId)), Of("tokens", beat.Runs.Select(r => r.Token)));
        using var reader = command.ExecuteReader();
        var held = new List<HeldLease>();
        while (reader.Read()) held.Add(new HeldLease(reader.GetGuid(0), reader.GetBoolean(1)));
        return held;
    }

    public IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, string? node)
    {
        using var command = Command(connection, null, TakeBackSql,
            new NpgsqlParameter("node", NpgsqlDbType.Text) { Value = node ?? (object)DBNull.Value }, Of("reason", JobReasons.Lost(node)));
        using var reader = command.ExecuteReader();
        var rows = new List<WrittenJob>();
        while (reader.Read()) rows.Add(Row(reader));
        return rows;
    }

    private static async Task<IReadOnlyList<WrittenJob>> RowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<WrittenJob>();
        while (await reader.ReadAsync(cancellation)) rows.Add(Row(reader));
        return rows;
    }

    private static WrittenJob Row(NpgsqlDataReader reader) => new(reader.GetInt64(0), reader.GetGuid(1), Enum.Parse<JobState>(reader.GetString(2)), reader.GetInt32(3));

    private static NpgsqlCommand Command(DbConnection connection, DbTransaction? transaction, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection, (NpgsqlTransaction?)transaction);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Of<T>(string name, T value) => new NpgsqlParameter<T>(name, value);

    private static NpgsqlParameter Of<T>(string name, IEnumerable<T> values) => new NpgsqlParameter<T[]>(name, [.. values]);

    private static NpgsqlParameter Text(string name, IEnumerable<string?> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };
}
