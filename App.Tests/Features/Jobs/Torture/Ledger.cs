using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>What a handler did: started, effect, finished, or a word of the test's own.</summary>
internal sealed record Effect(long Seq, long JobId, Guid? Token, int Attempt, string Node, string What, string? Detail);

/// <summary>
/// The append-only table of effects, and the trail of every change that anybody makes to a job. Handlers write through
/// connections of their own; the trail is written by a trigger, in the transaction of the change.
/// </summary>
internal sealed class Ledger(string connectionString) : IAsyncDisposable
{
    /// <summary>Application name of connections whose changes are a person's commands.</summary>
    public const string Person = "person";

    public const string Started = "started", Done = "effect", Finished = "finished", Release = "release";

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS torture_effects (
          seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job_id bigint NOT NULL, token uuid, attempt int NOT NULL, node text NOT NULL,
          what text NOT NULL, detail text, at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE IF NOT EXISTS torture_trail (
          seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job_id bigint NOT NULL, old_state text, new_state text, old_token uuid, new_token uuid,
          old_version int NOT NULL, new_version int NOT NULL, old_attempts int NOT NULL, new_attempts int NOT NULL, priority int NOT NULL, node text, by text NOT NULL,
          at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE INDEX IF NOT EXISTS torture_effects_what ON torture_effects (what, job_id);
        CREATE OR REPLACE FUNCTION torture_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
        CREATE OR REPLACE TRIGGER torture_effects_append BEFORE UPDATE OR DELETE ON torture_effects FOR EACH ROW EXECUTE FUNCTION torture_refuse();
        CREATE OR REPLACE TRIGGER torture_trail_append BEFORE UPDATE OR DELETE ON torture_trail FOR EACH ROW EXECUTE FUNCTION torture_refuse();
        CREATE OR REPLACE FUNCTION torture_note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'INSERT' THEN
            INSERT INTO torture_trail (job_id, new_state, new_token, old_version, new_version, old_attempts, new_attempts, priority, node, by)
            VALUES (NEW."Id", NEW."State", NEW."Token", 0, NEW."Version", 0, NEW."Attempts", NEW."Priority", NEW."Node", current_setting('application_name'));
          ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO torture_trail (job_id, old_state, old_token, old_version, new_version, old_attempts, new_attempts, priority, node, by)
            VALUES (OLD."Id", OLD."State", OLD."Token", OLD."Version", 0, OLD."Attempts", 0, OLD."Priority", OLD."Node", current_setting('application_name'));
          ELSIF (OLD."State", OLD."Token", OLD."Version", OLD."Attempts") IS DISTINCT FROM (NEW."State", NEW."Token", NEW."Version", NEW."Attempts") THEN
            INSERT INTO torture_trail (job_id, old_state, new_state, old_token, new_token, old_version, new_version, old_attempts, new_attempts, priority, node, by)
            VALUES (NEW."Id", OLD."State", NEW."State", OLD."Token", NEW."Token", OLD."Version", NEW."Version", OLD."Attempts", NEW."Attempts", NEW."Priority", NEW."Node", current_setting('application_name'));
          END IF;
          RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER torture_trail AFTER INSERT OR UPDATE OR DELETE ON "Jobs" FOR EACH ROW EXECUTE FUNCTION torture_note();
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "ledger", MaxPoolSize = 50 });

    public async Task CreateAsync() => await ExecuteAsync(Schema);

    /// <summary>Committed, to the disk, when it returns.</summary>
    public Task WriteAsync(long job, Guid? token, int attempt, string node, string what, string? detail = null) =>
        ExecuteAsync("INSERT INTO torture_effects (job_id, token, attempt, node, what, detail) VALUES ($1, $2, $3, $4, $5, $6)", job, token, attempt, node, what, detail);

    /// <summary>Lets the handlers go on that wait for <paramref name="name"/>.</summary>
    public Task ReleaseAsync(string name) => WriteAsync(0, null, 0, "test", Release, name);

    public async Task<bool> IsReleasedAsync(string name) => await CountAsync("SELECT count(*) FROM torture_effects WHERE what = 'release' AND detail = $1", name) > 0;

    /// <summary>Rows of one kind, of one job or of all.</summary>
    public Task<long> CountOfAsync(string what, long? job = null) => job is { } one
        ? CountAsync("SELECT count(*) FROM torture_effects WHERE what = $1 AND job_id = $2", what, one)
        : CountAsync("SELECT count(*) FROM torture_effects WHERE what = $1", what);

    public Task WaitsFor(string what, long job, long count = 1) =>
        Eventually.Holds(async () => await CountOfAsync(what, job) >= count, TortureSite.Patience, $"job {job} has {count} x {what}");

    public async Task<long> CountAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(row(reader));
        return rows;
    }

    public Task<List<Effect>> EffectsAsync() =>
        ReadAsync("SELECT seq, job_id, token, attempt, node, what, detail FROM torture_effects WHERE job_id > 0 ORDER BY seq", r => new Effect(
            r.GetInt64(0), r.GetInt64(1), Optional<Guid>(r, 2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.IsDBNull(6) ? null : r.GetString(6)));

    public static T? Optional<T>(NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = _source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value switch
            {
                null => new NpgsqlParameter { Value = DBNull.Value },
                _ => new NpgsqlParameter { Value = value },
            });
        return command;
    }
}
