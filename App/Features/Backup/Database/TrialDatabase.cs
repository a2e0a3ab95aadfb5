using BlazorAdmin.Data;
using BlazorAdmin.Features.Backup.Archive;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace BlazorAdmin.Features.Backup.Database;

/// <summary>
/// A database beside the portal's that an archive is restored into: as a trial, or to take the portal's place. It is dropped unless
/// it does.
/// </summary>
internal sealed class TrialDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly AppDbContext _db;

    private TrialDatabase(PostgresServer server, string name, AppDbContext db) => (_server, Name, _db) = (server, name, db);

    public string Name { get; }

    /// <summary>The portal's contexts on it.</summary>
    public AppDbContext Db => _db;

    private string ConnectionString => _server.To(Name);

    /// <param name="model">Of the portal's own context: building it again would take seconds.</param>
    /// <exception cref="BackupException">The login may not make databases.</exception>
    public static async Task<TrialDatabase> CreateAsync(PostgresServer server, string name, AppDbContext model, IEnumerable<IInterceptor> interceptors, CancellationToken cancellation)
    {
        await server.CreateAsync(name, cancellation);
        var options = new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(server.To(name), npgsql => npgsql.CommandTimeout(0)).UseModel(model.Model).AddInterceptors(interceptors)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
        return new TrialDatabase(server, name, new PostgresDbContext(options.Options));
    }

    /// <summary>Makes the schema as it was at the last of <paramref name="migrations"/>, and the tables that it has.</summary>
    public async Task<IReadOnlyList<ArchiveTable>> MakeSchemaAsync(IReadOnlyList<string> migrations, CancellationToken cancellation)
    {
        await MigrateAsync(migrations[^1], cancellation);
        return BackupTables.Of(BackupTables.ModelAt(_db, migrations[^1]));
    }

    /// <summary>Brings it to a migration, or to the newest.</summary>
    public async Task MigrateAsync(string? target, CancellationToken cancellation)
    {
        // Asking a database without this table what it holds would log an error.
        await _db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellation);
        await _db.GetService<IMigrator>().MigrateAsync(target, cancellation);
    }

    /// <summary>Fills it from the archive.</summary>
    public async Task<ArchiveManifest> FillAsync(Func<IArchiveSink, Task<ArchiveManifest>> read, IReadOnlyList<ArchiveTable> schema, IArchiveSink? files, Action<string, long> progress, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellation);
        await using (var relaxed = new NpgsqlCommand("SET synchronous_commit = off", connection)) await relaxed.ExecuteNonQueryAsync(cancellation);
        var loader = new PostgresLoader(connection, schema, progress);
        var manifest = await read(new Sink(loader, files));
        await loader.ContinueAsync(manifest.Sequences, cancellation);
        return manifest;
    }

    /// <summary>Compares its rows with those of the archive.</summary>
    /// <exception cref="BackupException">They are others.</exception>
    public async Task CompareAsync(ArchiveManifest manifest, IReadOnlyList<ArchiveTable> schema, Action<string, long> progress, CancellationToken cancellation)
    {
        await using var snapshot = await PostgresSnapshot.OpenAsync(ConnectionString, cancellation);
        var expected = manifest.Tables.ToDictionary(t => t.Name);
        foreach (var table in schema.Where(t => expected.ContainsKey(t.Name)))
        {
            var found = await snapshot.ReadTableAsync(table, async rows =>
            {
                while ((await rows.NextAsync(cancellation)).Length > 0) progress(table.Name, rows.Rows);
                return rows.Summarise(table.Name);
            }, cancellation);
            if (found != expected[table.Name])
                throw new BackupException(BackupProblem.Different, $"{table.Name} was restored with {found.Rows} rows, hash {found.Hash[..12]}; the archive has {expected[table.Name].Rows}, hash {expected[table.Name].Hash[..12]}. The database was not touched.");
        }
    }

    /// <summary>Gathers what the planner wants to know of the tables.</summary>
    public async Task AnalyseAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var analyse = new NpgsqlCommand("ANALYZE", connection);
        await analyse.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Drops it, unless it has another name by now.</summary>
    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await _server.DropAsync(Name, CancellationToken.None);
    }

    private sealed class Sink(PostgresLoader loader, IArchiveSink? files) : IArchiveSink
    {
        public Task TakeTableAsync(ArchiveTable table, RowReader rows, CancellationToken cancellation) => loader.FillAsync(table, rows, cancellation);

        public Task TakeFileAsync(ArchiveFile file, Stream content, CancellationToken cancellation) => files?.TakeFileAsync(file, content, cancellation) ?? Task.CompletedTask;
    }
}
