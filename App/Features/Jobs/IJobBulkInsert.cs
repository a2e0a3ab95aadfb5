using System.Data;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Searching;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Inserts many jobs by the server's bulk path, in the transaction of the context.</summary>
public interface IJobBulkInsert
{
    /// <returns>The ids, in the order of <paramref name="jobs"/>.</returns>
    Task<IReadOnlyList<long>> InsertAsync(AppDbContext db, IReadOnlyList<Job> jobs, CancellationToken cancellation);

    /// <summary>Inserts what jobs are found by.</summary>
    Task InsertAsync(AppDbContext db, IReadOnlyList<JobField> fields, CancellationToken cancellation);
}

/// <summary>COPY with ids reserved before: some 100,000 jobs a second.</summary>
internal sealed class PostgresJobBulkInsert : IJobBulkInsert
{
    private const string CopySql = """
        COPY "Jobs" ("Id", "TenantId", "OwnerId", "Type", "Queue", "Priority", "State", "Subject", "SubjectUrl", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt",
          "Attempts", "MaxAttempts", "CancelRequested", "LimitKey", "ParentId", "BatchId", "WaitsFor", "HasFollowers", "Schedule", "Tags", "Version") FROM STDIN (FORMAT binary)
        """;

    public async Task<IReadOnlyList<long>> InsertAsync(AppDbContext db, IReadOnlyList<Job> jobs, CancellationToken cancellation)
    {
        var count = jobs.Count;
        var ids = await db.Database.SqlQuery<long>($"""SELECT nextval(pg_get_serial_sequence('"Jobs"', 'Id')) AS "Value" FROM generate_series(1, {count})""").ToListAsync(cancellation);
        var now = await db.ServerNowAsync(cancellation);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var writer = await connection.BeginBinaryImportAsync(CopySql, cancellation);
        for (var i = 0; i < count; i++)
        {
            var job = jobs[i];
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(ids[i], NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(job.TenantId, NpgsqlDbType.Uuid, cancellation);
            await Optional(job.OwnerId, NpgsqlDbType.Uuid);
            await Text(job.Type);
            await Text(job.Queue);
            await writer.WriteAsync(job.Priority, NpgsqlDbType.Integer, cancellation);
            await Text(job.State.ToString());
            await Text(job.Subject);
            await Text(job.SubjectUrl);
            await Text(job.Arguments);
            await Text(job.IdempotencyKey);
            await Time(job.CreatedAt);
            await Time(job.DueAt == default ? now : job.DueAt);
            await writer.WriteAsync(0, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(job.MaxAttempts, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(false, NpgsqlDbType.Boolean, cancellation);
            await Text(job.LimitKey);
            await Optional(job.ParentId, NpgsqlDbType.Bigint);
            await Optional(job.BatchId, NpgsqlDbType.Bigint);
            await writer.WriteAsync(job.WaitsFor, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(job.HasFollowers, NpgsqlDbType.Boolean, cancellation);
            await Text(job.Schedule);
            await Text(job.Tags);
            await writer.WriteAsync(0, NpgsqlDbType.Integer, cancellation);
        }

        await writer.CompleteAsync(cancellation);
        return ids;

        Task Text(string? text) => text is null ? writer.WriteNullAsync(cancellation) : writer.WriteAsync(text, NpgsqlDbType.Text, cancellation);
        Task Time(DateTimeOffset at) => writer.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
        Task Optional<T>(T? value, NpgsqlDbType type) where T : struct => value is { } known ? writer.WriteAsync(known, type, cancellation) : writer.WriteNullAsync(cancellation);
    }

    public async Task InsertAsync(AppDbContext db, IReadOnlyList<JobField> fields, CancellationToken cancellation)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var writer = await connection.BeginBinaryImportAsync("""COPY "JobFields" ("TenantId", "Name", "Value", "JobId") FROM STDIN (FORMAT binary)""", cancellation);
        foreach (var field in fields)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(field.TenantId, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(field.Name, NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(field.Value, NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(field.JobId, NpgsqlDbType.Bigint, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }
}

/// <summary>SqlBulkCopy; the ids are found again by the idempotency keys, which are new for each job.</summary>
internal sealed class SqlServerJobBulkInsert : IJobBulkInsert
{
    private static readonly (string Name, Type Type, Func<Job, object?> Value)[] Columns =
    [
        (nameof(Job.TenantId), typeof(Guid), j => j.TenantId), (nameof(Job.OwnerId), typeof(Guid), j => j.OwnerId), (nameof(Job.Type), typeof(string), j => j.Type),
        (nameof(Job.Queue), typeof(string), j => j.Queue), (nameof(Job.Priority), typeof(int), j => j.Priority), (nameof(Job.State), typeof(string), j => j.State.ToString()),
        (nameof(Job.Subject), typeof(string), j => j.Subject), (nameof(Job.SubjectUrl), typeof(string), j => j.SubjectUrl), (nameof(Job.Arguments), typeof(string), j => j.Arguments),
        (nameof(Job.IdempotencyKey), typeof(string), j => j.IdempotencyKey), (nameof(Job.CreatedAt), typeof(DateTimeOffset), j => j.CreatedAt), (nameof(Job.DueAt), typeof(DateTimeOffset), j => j.DueAt),
        (nameof(Job.Attempts), typeof(int), _ => 0), (nameof(Job.MaxAttempts), typeof(int), j => j.MaxAttempts), (nameof(Job.CancelRequested), typeof(bool), _ => false),
        (nameof(Job.LimitKey), typeof(string), j => j.LimitKey), (nameof(Job.ParentId), typeof(long), j => j.ParentId), (nameof(Job.BatchId), typeof(long), j => j.BatchId),
        (nameof(Job.WaitsFor), typeof(int), j => j.WaitsFor), (nameof(Job.HasFollowers), typeof(bool), j => j.HasFollowers), (nameof(Job.Schedule), typeof(string), j => j.Schedule),
        (nameof(Job.Tags), typeof(string), j => j.Tags), (nameof(Job.Version), typeof(int), _ => 0),
    ];

    public async Task<IReadOnlyList<long>> InsertAsync(AppDbContext db, IReadOnlyList<Job> jobs, CancellationToken cancellation)
    {
        var now = await db.ServerNowAsync(cancellation);
        using var table = new DataTable();
        foreach (var (name, type, _) in Columns) table.Columns.Add(name, type);
        foreach (var job in jobs)
        {
            if (job.DueAt == default) job.DueAt = now;
            table.Rows.Add([.. Columns.Select(c => c.Value(job) ?? DBNull.Value)]);
        }

        var last = await db.Set<Job>().OrderByDescending(j => j.Id).Select(j => j.Id).FirstOrDefaultAsync(cancellation);
        await CopyAsync(db, "Jobs", table, cancellation);
        var ids = new Dictionary<string, long>(jobs.Count);
        foreach (var keys in jobs.Select(j => j.IdempotencyKey).Chunk(1000))
            foreach (var row in await db.Set<Job>().Where(j => j.Id > last && keys.Contains(j.IdempotencyKey)).Select(j => new { j.IdempotencyKey, j.Id }).ToListAsync(cancellation))
                ids[row.IdempotencyKey] = row.Id;
        return [.. jobs.Select(j => ids[j.IdempotencyKey])];
    }

    public async Task InsertAsync(AppDbContext db, IReadOnlyList<JobField> fields, CancellationToken cancellation)
    {
        using var table = new DataTable();
        foreach (var (name, type) in new[] { (nameof(JobField.TenantId), typeof(Guid)), (nameof(JobField.Name), typeof(string)), (nameof(JobField.Value), typeof(string)), (nameof(JobField.JobId), typeof(long)) })
            table.Columns.Add(name, type);
        foreach (var field in fields) table.Rows.Add(field.TenantId, field.Name, field.Value, field.JobId);
        await CopyAsync(db, "JobFields", table, cancellation);
    }

    private static async Task CopyAsync(AppDbContext db, string target, DataTable table, CancellationToken cancellation)
    {
        using var copy = new SqlBulkCopy((SqlConnection)db.Database.GetDbConnection(), SqlBulkCopyOptions.CheckConstraints, (SqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction())
        {
            DestinationTableName = target,
        };
        foreach (DataColumn column in table.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        await copy.WriteToServerAsync(table, cancellation);
    }
}
