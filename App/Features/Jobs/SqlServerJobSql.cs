using System.Data;
using System.Data.Common;
using System.Text;
using Microsoft.Data.SqlClient;

namespace BlazorAdmin.Features.Jobs;

/// <remarks>
/// READ COMMITTED with lock hints. The state is repeated in the outer WHERE of every claim: where a server ignores the
/// hints, that is what keeps two claimers apart. Batches are cut so that no command has more than 2,100 parameters.
/// </remarks>
public sealed partial class SqlServerJobSql : IJobSql
{
    private const string Now = "SYSDATETIMEOFFSET() AT TIME ZONE 'UTC'";
    private const int RowsPerCommand = 200;

    public Task PrepareAsync(DbConnection connection, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation)
    {
        await using var command = Command(connection, null);
        command.CommandText = Table(command, "types", "Type nvarchar(100) PRIMARY KEY, Room int", claim.Types, (row, type) => row.Add(type.Type).Add(type.Room)) + PicksTable + ClaimSql + ClaimTail;
        Add(command, "patience", (int)(claim.Patience ?? TimeSpan.FromDays(10_000)).TotalSeconds);
        return await ClaimedAsync(command, claim, cancellation);
    }

    public async Task<bool> MayClaimAsync(DbConnection connection, IReadOnlyList<string> types, CancellationToken cancellation)
    {
        await using var command = Command(connection, null);
        command.CommandText = Table(command, "types", "Type nvarchar(100) PRIMARY KEY", types, (row, type) => row.Add(type)) + MayClaimSql;
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    public async Task<bool> TryLockLimitsAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction);
        command.CommandText = "DECLARE @got int; EXEC @got = sp_getapplock @Resource = 'jobs.limits', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 0; SELECT @got;";
        return await command.ExecuteScalarAsync(cancellation) is >= 0;
    }

    public async Task<IReadOnlyList<LimitedHead>> HeadsAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<string> types, LimitedHead? after, int most, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction);
        command.CommandText = Table(command, "types", "Type nvarchar(100) PRIMARY KEY", types, (row, type) => row.Add(type)) + HeadsSql;
        Add(command, "fromType", after?.Type ?? "");
        Add(command, "fromKey", after?.Key ?? "");
        Add(command, "most", most);
        var heads = new List<LimitedHead>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        do
        {
            while (await reader.ReadAsync(cancellation))
                heads.Add(new LimitedHead(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }
        while (await reader.NextResultAsync(cancellation));
        return heads;
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        DbConnection connection, DbTransaction transaction, JobClaim claim, IReadOnlyList<LimitedPick> picks, CancellationToken cancellation)
    {
        var jobs = new List<ClaimedJob>();
        foreach (var batch in picks.Chunk(RowsPerCommand))
        {
            await using var command = Command(connection, transaction);
            command.CommandText = Table(command, "wanted", "Place int PRIMARY KEY, Type nvarchar(100), LimitKey nvarchar(200), Priority int, Take int", batch.Index(),
                (row, pick) => row.Add(pick.Index).Add(pick.Item.Type).Add(pick.Item.Key).Add(pick.Item.Priority).Add(pick.Item.Take)) + PicksTable + """
                INSERT INTO @picks (Type, LimitKey, Priority, Take, Room) SELECT Type, LimitKey, Priority, Take, @max FROM @wanted ORDER BY Place;
                """ + ClaimTail;
            jobs.AddRange(await ClaimedAsync(command, claim, cancellation));
        }

        return jobs;
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
                OUTPUT inserted.Id, inserted.Token, inserted.State, inserted.Version, CAST(0 AS bit), CAST(0 AS bit)
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
            command.CommandText = Table(command, "ended", "Id bigint, Token uniqueidentifier, State varchar(32), Outcome varchar(32), Error nvarchar(4000), Delay int, Counts bit, Began bit, Ran int, Ago int", batch,
                (row, end) => row.Add(end.JobId).Add(end.Token).Add(end.State.ToString()).Add(end.Outcome.ToString()).Add(end.Error).Add(Milliseconds(end.Delay)).Add(end.Counts)
                    .Add(end.Began).Add(Milliseconds(end.Ran)).Add(Milliseconds(System.Diagnostics.Stopwatch.GetElapsedTime(end.EndedAt))))
                + $"DECLARE @now datetimeoffset = {Now};{Changed}BEGIN TRANSACTION;\n" + FinishTail + History;
            rows.AddRange(await RowsAsync(command, cancellation));
        }

        return rows;
    }

    public BeatAnswer Beat(DbConnection connection, NodeBeat beat)
    {
        bool draining, lost;
        using (var command = Command(connection, null))
        {
            command.CommandText = $"""
                SET NOCOUNT ON;
                UPDATE WorkerNodes SET Instance = @instance, StartedAt = @started, HeartbeatAt = {Now}, Slots = @slots, Running = @running, Buffered = @buffered WHERE Name = @node;
                IF @@ROWCOUNT = 0
                  INSERT INTO WorkerNodes (Name, Instance, StartedAt, HeartbeatAt, Slots, Running, Buffered, Draining)
                  VALUES (@node, @instance, @started, {Now}, @slots, @running, @buffered, 0);
                SELECT Draining, CAST(CASE WHEN EXISTS (SELECT 1 FROM Jobs WITH (READPAST) WHERE State = 'Running' AND LeaseUntil < {Now}) THEN 1 ELSE 0 END AS bit)
                FROM WorkerNodes WHERE Name = @node;
                """;
            Add(command, "node", beat.Node);
            Add(command, "instance", beat.Instance);
            Add(command, "started", beat.StartedAt);
            Add(command, "slots", beat.Slots);
            Add(command, "running", beat.Running);
            Add(command, "buffered", beat.Buffered);
            using var reader = command.ExecuteReader();
            (draining, lost) = reader.Read() ? (reader.GetBoolean(0), reader.GetBoolean(1)) : (false, true);
        }

        var held = new List<HeldLease>();
        foreach (var batch in beat.Runs.Chunk(RowsPerCommand))
        {
            using var command = Command(connection, null);
            command.CommandText = Table(command, "runs", "Id bigint, Token uniqueidentifier, Stopping bit, Stuck bit", batch,
                (row, run) => row.Add(run.JobId).Add(run.Token).Add(run.Stopping).Add(run.Stuck)) + $"""
                DECLARE @now datetimeoffset = {Now};
                UPDATE j SET LeaseUntil = DATEADD(millisecond, @lease, @now),
                  StopRequestedAt = COALESCE(j.StopRequestedAt, CASE WHEN d.Stopping = 1 THEN @now END),
                  StuckAt = COALESCE(j.StuckAt, CASE WHEN d.Stuck = 1 THEN @now END),
                  Version = j.Version + CASE WHEN d.Stuck = 1 AND j.StuckAt IS NULL THEN 1 ELSE 0 END
                OUTPUT inserted.Id, inserted.Token, inserted.CancelRequested, inserted.Version, CAST(CASE WHEN inserted.StuckAt IS NOT NULL AND deleted.StuckAt IS NULL THEN 1 ELSE 0 END AS bit)
                FROM Jobs j JOIN @runs d ON j.Id = d.Id AND j.Token = d.Token
                WHERE j.State = 'Running';
                """;
            Add(command, "lease", (int)beat.Lease.TotalMilliseconds);
            using var reader = command.ExecuteReader();
            while (reader.Read()) held.Add(new HeldLease(reader.GetInt64(0), reader.GetGuid(1), reader.GetBoolean(2), reader.GetInt32(3), reader.GetBoolean(4)));
        }

        return new BeatAnswer(held, draining, lost);
    }

    public IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, DbTransaction? transaction, string? node)
    {
        using var command = Command(connection, transaction);
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

    private static WrittenJob Row(SqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetGuid(1), Enum.Parse<JobState>(reader.GetString(2)), reader.GetInt32(3), reader.GetBoolean(4), reader.GetBoolean(5));

    private static int? Milliseconds(TimeSpan? time) => time is { } span ? (int)Math.Min(int.MaxValue, span.TotalMilliseconds) : null;

    private static async Task<IReadOnlyList<ClaimedJob>> ClaimedAsync(SqlCommand command, JobClaim claim, CancellationToken cancellation)
    {
        Add(command, "max", claim.Max);
        Add(command, "node", claim.Node);
        Add(command, "lease", (int)claim.Lease.TotalMilliseconds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var jobs = new List<ClaimedJob>();
        while (await reader.ReadAsync(cancellation))
            jobs.Add(new ClaimedJob(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9),
                reader.GetInt32(10), reader.IsDBNull(11) ? null : reader.GetString(11), Math.Max(0, reader.GetDouble(12)), reader.IsDBNull(13) ? null : reader.GetString(13)));
        return [.. jobs.OrderByDescending(j => j.Priority).ThenBy(j => j.Id)];
    }

    private static SqlCommand Command(DbConnection connection, DbTransaction? transaction) =>
        new() { Connection = (SqlConnection)connection, Transaction = (SqlTransaction?)transaction, CommandTimeout = 10 };

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
