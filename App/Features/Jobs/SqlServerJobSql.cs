using System.Data;
using System.Data.Common;
using System.Text;
using Microsoft.Data.SqlClient;

namespace BlazorAdmin.Features.Jobs;

/// <remarks>
/// READ COMMITTED with lock hints. The state is repeated in the outer WHERE of every claim: where a server ignores the
/// hints, that is what keeps two claimers apart. Batches are cut so that no command has more than 2,100 parameters.
/// </remarks>
public sealed class SqlServerJobSql : IJobSql
{
    private const string Now = "SYSDATETIMEOFFSET() AT TIME ZONE 'UTC'";
    private const int RowsPerCommand = 200;

    private const string FinishTail = """
        UPDATE j SET
          State = CASE WHEN d.State = 'Queued' AND j.CancelRequested = 1 THEN 'Cancelled' ELSE d.State END,
          Error = CASE WHEN d.State = 'Succeeded' THEN NULL ELSE COALESCE(d.Error, j.Error) END,
          FinishedAt = CASE WHEN d.State = 'Queued' AND j.CancelRequested = 0 THEN NULL ELSE @now END,
          DueAt = CASE WHEN d.State = 'Queued' AND d.Counts = 1 THEN DATEADD(millisecond, d.Delay, @now) ELSE j.DueAt END,
          Progress = CASE WHEN d.State = 'Succeeded' AND j.Progress IS NOT NULL THEN 100 ELSE j.Progress END,
          Attempts = j.Attempts - CASE WHEN d.Counts = 1 THEN 0 ELSE 1 END,
          Token = NULL, LeaseUntil = NULL, Version = j.Version + 1
        OUTPUT inserted.Id, deleted.Token, inserted.State, inserted.Version, deleted.Attempts, inserted.StartedAt, inserted.Node, d.Outcome, d.Error
          INTO @changed (Id, Token, State, Version, Number, StartedAt, Node, Outcome, Error)
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
          Token = NULL, LeaseUntil = NULL, Version = j.Version + 1
        OUTPUT inserted.Id, deleted.Token, inserted.State, inserted.Version, deleted.Attempts, inserted.StartedAt, inserted.Node, 'NodeLost', @reason
          INTO @changed (Id, Token, State, Version, Number, StartedAt, Node, Outcome, Error)
        FROM Jobs j
        WHERE j.State = 'Running' AND j.Id IN (
          SELECT TOP (1000) Id FROM Jobs WITH (UPDLOCK, READPAST, ROWLOCK, READCOMMITTEDLOCK)
          WHERE State = 'Running' AND ((@node IS NULL AND LeaseUntil < @now) OR Node = @node) ORDER BY Id);
        """ + History;

    private const string ClaimSql = """
        SET NOCOUNT ON; SET XACT_ABORT ON;
        DECLARE @now datetimeoffset = SYSDATETIMEOFFSET() AT TIME ZONE 'UTC';
        WITH ready AS (
          SELECT TOP (@max) Id, Type, Priority, DueAt
          FROM Jobs WITH (UPDLOCK, READPAST, ROWLOCK, READCOMMITTEDLOCK)
          WHERE State = 'Queued' AND DueAt <= @now AND Type IN (SELECT Type FROM @types)
          ORDER BY Priority DESC, DueAt, Id),
        placed AS (SELECT Id, Type, ROW_NUMBER() OVER (PARTITION BY Type ORDER BY Priority DESC, DueAt, Id) AS Place FROM ready)
        UPDATE j SET State = 'Running', Token = NEWID(), Attempts = j.Attempts + 1, Node = @node, StartedAt = @now,
          LeaseUntil = DATEADD(millisecond, @lease, @now), Progress = NULL, ProgressMessage = NULL, CancelRequested = 0, Version = j.Version + 1
        OUTPUT inserted.Id, inserted.Token, inserted.TenantId, inserted.OwnerId, inserted.Type, inserted.Arguments, inserted.IdempotencyKey,
          inserted.Attempts, inserted.MaxAttempts, inserted.Version, inserted.Priority
        FROM Jobs j JOIN placed r ON r.Id = j.Id JOIN @types t ON t.Type = r.Type
        WHERE j.State = 'Queued' AND r.Place <= t.Room;
        """;

    private const string Changed = """

        DECLARE @changed TABLE (Id bigint, Token uniqueidentifier, State varchar(32), Version int, Number int, StartedAt datetimeoffset, Node nvarchar(100), Outcome varchar(32), Error nvarchar(4000));

        """;

    private const string History = """

        INSERT INTO JobAttempts (JobId, Token, Number, StartedAt, FinishedAt, Node, Outcome, Error)
          SELECT Id, Token, Number, StartedAt, @now, Node, Outcome, Error FROM @changed;
        COMMIT;
        SELECT Id, Token, State, Version FROM @changed;
        """;

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation)
    {
        await using var command = Command(connection, null);
        var types = Table(command, "types", "Type nvarchar(100) PRIMARY KEY, Room int", claim.Types, (row, type) => row.Add(type.Type).Add(type.Room));
        command.CommandText = types + ClaimSql;
        Add(command, "max", claim.Max);
        Add(command, "node", claim.Node);
        Add(command, "lease", (int)claim.Lease.TotalMilliseconds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var jobs = new List<(int Priority, ClaimedJob Job)>();
        while (await reader.ReadAsync(cancellation))
            jobs.Add((reader.GetInt32(10), new ClaimedJob(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9))));
        return [.. jobs.OrderByDescending(j => j.Priority).ThenBy(j => j.Job.Id).Select(j => j.Job)];
    }

    public async Task<IReadOnlyList<WrittenJob>> ReportAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunReport> reports, CancellationToken cancellation)
    {
        var rows = new List<WrittenJob>();
        foreach (var batch in reports.Chunk(RowsPerCommand))
        {
            await using var command = Command(connection, transaction);
            command.CommandText = Table(command, "reports", "Id bigint, Token uniqueidentifier, Progress float, Message nvarchar(400)", batch,
                (row, report) => row.Add(report.JobId).Add(report.Token).Add(report.Progress).Add(report.Message)) + """
                UPDATE j SET Progress = COALESCE(d.Progress, j.Progress), ProgressMessage = COALESCE(d.Message, j.ProgressMessage), Version = j.Version + 1
                OUTPUT inserted.Id, inserted.Token, inserted.State, inserted.Version
                FROM Jobs j JOIN @reports d ON j.Id = d.Id AND j.Token = d.Token
                WHERE j.State = 'Running';
                """;
            rows.AddRange(await RowsAsync(command, cancellation));
        }

        foreach (var batch in reports.SelectMany(r => r.Lines.Select(l => (r.JobId, r.Token, Line: l))).Chunk(RowsPerCommand))
        {
            await using var command = Command(connection, transaction);
            command.CommandText = Table(command, "lines", "Place int PRIMARY KEY, Id bigint, Token uniqueidentifier, At datetimeoffset, Level varchar(32), Message nvarchar(4000)", batch.Index(),
                (row, line) => row.Add(line.Index).Add(line.Item.JobId).Add(line.Item.Token).Add(line.Item.Line.At).Add(line.Item.Line.Level.ToString()).Add(line.Item.Line.Message)) + """
                INSERT INTO JobLogLines (JobId, Attempt, At, Level, Message)
                SELECT j.Id, j.Attempts, d.At, d.Level, d.Message FROM @lines d JOIN Jobs j ON j.Id = d.Id AND j.Token = d.Token
                WHERE j.State = 'Running' ORDER BY d.Place;
                """;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        return rows;
    }

    public async Task<IReadOnlyList<WrittenJob>> FinishAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunEnd> ends, CancellationToken cancellation)
    {
        var rows = new List<WrittenJob>();
        foreach (var batch in ends.Chunk(RowsPerCommand))
        {
            await using var command = Command(connection, transaction);
            command.CommandText = Table(command, "ended", "Id bigint, Token uniqueidentifier, State varchar(32), Outcome varchar(32), Error nvarchar(4000), Delay int, Counts bit", batch,
                (row, end) => row.Add(end.JobId).Add(end.Token).Add(end.State.ToString()).Add(end.Outcome.ToString()).Add(end.Error).Add((int)end.Delay.TotalMilliseconds).Add(end.Counts))
                + $"DECLARE @now datetimeoffset = {Now};{Changed}BEGIN TRANSACTION;\n" + FinishTail + History;
            rows.AddRange(await RowsAsync(command, cancellation));
        }

        return rows;
    }

    public IReadOnlyList<HeldLease> Beat(DbConnection connection, NodeBeat beat)
    {
        using (var command = Command(connection, null))
        {
            command.CommandText = $"""
                SET NOCOUNT ON;
                UPDATE WorkerNodes SET Instance = @instance, StartedAt = @started, HeartbeatAt = {Now}, Slots = @slots, Running = @running WHERE Name = @node;
                IF @@ROWCOUNT = 0
                  INSERT INTO WorkerNodes (Name, Instance, StartedAt, HeartbeatAt, Slots, Running) VALUES (@node, @instance, @started, {Now}, @slots, @running);
                """;
            Add(command, "node", beat.Node);
            Add(command, "instance", beat.Instance);
            Add(command, "started", beat.StartedAt);
            Add(command, "slots", beat.Slots);
            Add(command, "running", beat.Runs.Count);
            command.ExecuteNonQuery();
        }

        var held = new List<HeldLease>();
        foreach (var batch in beat.Runs.Chunk(RowsPerCommand))
        {
            using var command = Command(connection, null);
            command.CommandText = Table(command, "runs", "Id bigint, Token uniqueidentifier", batch, (row, run) => row.Add(run.JobId).Add(run.Token)) + $"""
                UPDATE j SET LeaseUntil = DATEADD(millisecond, @lease, {Now})
                OUTPUT inserted.Token, inserted.CancelRequested
                FROM Jobs j JOIN @runs d ON j.Id = d.Id AND j.Token = d.Token
                WHERE j.State = 'Running';
                """;
            Add(command, "lease", (int)beat.Lease.TotalMilliseconds);
            using var reader = command.ExecuteReader();
            while (reader.Read()) held.Add(new HeldLease(reader.GetGuid(0), reader.GetBoolean(1)));
        }

        return held;
    }

    public IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, string? node)
    {
        using var command = Command(connection, null);
        command.CommandText = TakeBackSql;
        command.Parameters.Add("node", SqlDbType.NVarChar, 100).Value = node ?? (object)DBNull.Value;
        Add(command, "reason", JobReasons.Lost(node));
        using var reader = command.ExecuteReader();
        var rows = new List<WrittenJob>();
        while (reader.Read()) rows.Add(Row(reader));
        return rows;
    }

    private static async Task<IReadOnlyList<WrittenJob>> RowsAsync(SqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<WrittenJob>();
        while (await reader.ReadAsync(cancellation)) rows.Add(Row(reader));
        return rows;
    }

    private static WrittenJob Row(SqlDataReader reader) => new(reader.GetInt64(0), reader.GetGuid(1), Enum.Parse<JobState>(reader.GetString(2)), reader.GetInt32(3));

    private static SqlCommand Command(DbConnection connection, DbTransaction? transaction) =>
        new() { Connection = (SqlConnection)connection, Transaction = (SqlTransaction?)transaction };

    private static void Add(SqlCommand command, string name, object? value) => command.Parameters.AddWithValue(name, value ?? DBNull.Value);

    /// <summary>Declares a table variable and fills it from parameters.</summary>
    private static string Table<T>(SqlCommand command, string name, string columns, IEnumerable<T> items, Action<RowWriter, T> write)
    {
        var sql = new StringBuilder($"SET NOCOUNT ON; SET XACT_ABORT ON;\nDECLARE @{name} TABLE ({columns});\n");
        var count = 0;
        foreach (var item in items)
        {
            sql.Append(count++ == 0 ? $"INSERT INTO @{name} VALUES (" : "),\n(");
            write(new RowWriter(command, sql), item);
        }

        return sql.Append(count == 0 ? "" : ");\n").ToString();
    }

    private sealed class RowWriter(SqlCommand command, StringBuilder sql)
    {
        private bool _any;

        public RowWriter Add(object? value)
        {
            var name = $"@p{command.Parameters.Count}";
            sql.Append(_any ? ", " : "").Append(name);
            _any = true;
            SqlServerJobSql.Add(command, name, value);
            return this;
        }
    }
}
