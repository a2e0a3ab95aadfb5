using BlazorAdmin.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Features.Jobs;

public sealed partial class PostgresJobSql : IJobSql
{
    public async Task PrepareAsync(DbConnection connection, CancellationToken cancellation)
    {
        // Compiling a plan of a millisecond to machine code takes many.
        await using var command = Command(connection, null, "SET jit = off");
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation)
    {
        await using var command = Command(connection, null, ClaimSql,
            Text("types", claim.Types.Select(t => t.Type)), Of("rooms", claim.Types.Select(t => t.Room)), Of("max", claim.Max), Of("node", claim.Node), Of("lease", claim.Lease),
            Of("aged", claim.Patience is not null), Of("patience", claim.Patience ?? TimeSpan.Zero));
        // Planning takes longer than running it.
        await command.PrepareAsync(cancellation);
        return await ClaimedAsync(command, cancellation);
    }

    public async Task<bool> MayClaimAsync(DbConnection connection, IReadOnlyList<string> types, CancellationToken cancellation)
    {
        await using var command = Command(connection, null, MayClaimSql, Text("types", types));
        await command.PrepareAsync(cancellation);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    public async Task<bool> TryLockLimitsAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, "SELECT pg_try_advisory_xact_lock(@key)", Of("key", PostgresDialect.StableHash("jobs.limits")));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    public async Task<IReadOnlyList<LimitedHead>> HeadsAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<string> types, LimitedHead? after, int most, CancellationToken cancellation)
    {
        var heads = new List<LimitedHead>();
        await using (var command = Command(connection, transaction, HeadsSql, Text("types", types))) await ReadAsync(command);
        await using (var command = Command(connection, transaction, HeadsByKeySql, Of("fromType", after?.Type ?? ""), Of("fromKey", after?.Key ?? ""), Of("most", most))) await ReadAsync(command);
        return heads;

        async Task ReadAsync(NpgsqlCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                heads.Add(new LimitedHead(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        DbConnection connection, DbTransaction transaction, JobClaim claim, IReadOnlyList<LimitedPick> picks, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, ClaimPicksSql,
            Text("types", picks.Select(p => p.Type)), Text("keys", picks.Select(p => p.Key)), Of("priorities", picks.Select(p => p.Priority)), Of("takes", picks.Select(p => p.Take)),
            Of("node", claim.Node), Of("lease", claim.Lease));
        return await ClaimedAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<WrittenJob>> ReportAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunReport> reports, CancellationToken cancellation)
    {
        reports = [.. reports.OrderBy(r => r.JobId)];
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
        // Statements that write many jobs lock them in the order of their ids: heartbeat and end would wait for each other.
        ends = [.. ends.OrderBy(e => e.JobId)];
        await using var command = Command(connection, transaction, FinishSql,
            Of("ids", ends.Select(e => e.JobId)), Of("tokens", ends.Select(e => e.Token)), Text("states", ends.Select(e => e.State.ToString())),
            Text("outcomes", ends.Select(e => e.Outcome.ToString())), Text("errors", ends.Select(e => e.Error)),
            new NpgsqlParameter("delays", NpgsqlDbType.Array | NpgsqlDbType.Interval) { Value = ends.Select(e => e.Delay).ToArray() }, Of("counts", ends.Select(e => e.Counts)),
            Of("began", ends.Select(e => e.Began)), Of("ran", ends.Select(e => e.Ran)), Of("ago", ends.Select(e => System.Diagnostics.Stopwatch.GetElapsedTime(e.EndedAt))));
        await command.PrepareAsync(cancellation);
        return await RowsAsync(command, cancellation);
    }

    public BeatAnswer Beat(DbConnection connection, NodeBeat beat)
    {
        beat = beat with { Runs = [.. beat.Runs.OrderBy(r => r.JobId)] };
        using var command = Command(connection, null, BeatSql,
            Of("node", beat.Node), Of("instance", beat.Instance), Of("started", beat.StartedAt.UtcDateTime), Of("slots", beat.Slots), Of("running", beat.Running),
            Of("buffered", beat.Buffered), Of("lease", beat.Lease), Of("ids", beat.Runs.Select(r => r.JobId)), Of("tokens", beat.Runs.Select(r => r.Token)),
            Of("stopping", beat.Runs.Select(r => r.Stopping)), Of("stuck", beat.Runs.Select(r => r.Stuck)));
        command.CommandTimeout = BeatTimeout(beat.Lease);
        using var reader = command.ExecuteReader();
        var held = new List<HeldLease>();
        var (draining, lost) = (false, false);
        while (reader.Read())
        {
            if (reader.IsDBNull(5)) held.Add(new HeldLease(reader.GetInt64(0), reader.GetGuid(1), reader.GetBoolean(2), reader.GetInt32(3), reader.GetBoolean(4)));
            else (draining, lost) = (reader.GetBoolean(5), reader.GetBoolean(4));
        }

        return new BeatAnswer(held, draining, lost);
    }

    public IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, DbTransaction? transaction, string? node)
    {
        using var command = Command(connection, transaction, TakeBackSql,
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

    private static WrittenJob Row(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetGuid(1), Enum.Parse<JobState>(reader.GetString(2)), reader.GetInt32(3), reader.GetBoolean(4), reader.GetBoolean(5));

    private static async Task<IReadOnlyList<ClaimedJob>> ClaimedAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var jobs = new List<ClaimedJob>();
        while (await reader.ReadAsync(cancellation))
            jobs.Add(new ClaimedJob(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9),
                reader.GetInt32(10), reader.IsDBNull(11) ? null : reader.GetString(11), reader.GetDouble(12), reader.IsDBNull(13) ? null : reader.GetString(13)));
        return jobs;
    }

    // A connection that answers no more must be given up while there is time for another beat before the lease ends.
    private static int BeatTimeout(TimeSpan lease) => Math.Max(1, (int)(lease.TotalSeconds / 6));

    private static NpgsqlCommand Command(DbConnection connection, DbTransaction? transaction, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        // Shorter than a lease: a connection that answers no more must not hold the engine up.
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection, (NpgsqlTransaction?)transaction) { CommandTimeout = 10 };
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Of<T>(string name, T value) => new NpgsqlParameter<T>(name, value);

    private static NpgsqlParameter Of<T>(string name, IEnumerable<T> values) => new NpgsqlParameter<T[]>(name, [.. values]);

    private static NpgsqlParameter Text(string name, IEnumerable<string?> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };
}
