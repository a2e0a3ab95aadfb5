using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>An installation to back up and restore: a database, a data directory, a folder of configuration, and what works on them.</summary>
internal sealed class BackupSite : IAsyncDisposable
{
    private readonly TestFolder? _own;
    private readonly string _folder;
    private readonly TestDatabase? _database;
    private readonly bool _ownsDatabase;

    private BackupSite(string connectionString, TestDatabase? database, DataDirectory? data = null, string? folder = null, bool ownsDatabase = true)
    {
        _own = folder is null ? new TestFolder() : null;
        _folder = folder ?? _own!.Path;
        _ownsDatabase = ownsDatabase;
        // Without a pool: a restore refuses while anybody is connected.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        _database = database;
        Directory.CreateDirectory(this["program"]);
        Directory.CreateDirectory(this["conf.d"]);
        Data = data ?? new DataDirectory(this["data"]);
        foreach (var path in new[] { Data.Path, Data.Files, Data.Keys }) Directory.CreateDirectory(path);
        KeyFile = new RootKeyFile(Data, new ConfigurationBuilder().Build());
        Databases = new TestDatabases(ConnectionString);
        var choice = new DatabaseChoice(DatabaseProvider.Postgres, ConnectionString);
        Files = new BackupFiles(Data, new HostingEnvironment { ContentRootPath = this["program"] }, new SettingsStatus(TimeProvider.System) { Folder = this["conf.d"] });
        var keyring = new BackupKeyring(KeyFile);
        Runs = new BackupRuns(Databases, TimeProvider.System);
        Writer = new BackupWriter(Databases, choice, TestDatabases.Dialect, Data, Files, keyring, Runs, TimeProvider.System);
        Anchor = new AnchorFile(Data);
        Restorer = new BackupRestorer(
            Databases, choice, Data, KeyFile, keyring, Runs, Anchor, new PostgresAuditSql(), new AuditInterceptor(TimeProvider.System, new NodeInfo("test", Guid.NewGuid(), DateTimeOffset.UtcNow)), TimeProvider.System);
    }

    public string ConnectionString { get; }

    public string DatabaseName => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    public DataDirectory Data { get; }

    public TestDatabases Databases { get; }

    public RootKeyFile KeyFile { get; }

    public BackupFiles Files { get; }

    public BackupRuns Runs { get; }

    public BackupWriter Writer { get; }

    public BackupRestorer Restorer { get; }

    public AnchorFile Anchor { get; }

    /// <summary>Where an archive can be written to.</summary>
    public string Archive => this["one.backup"];

    /// <summary>A file or folder beside the data directory.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    public string Folder => _folder;

    /// <summary>A new installation with the portal's schema and a root key, as after the first start.</summary>
    public static async Task<BackupSite> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var site = new BackupSite(database.ConnectionString, database);
        await site.SetUpAsync();
        return site;
    }

    /// <summary>A machine with an empty database and nothing else.</summary>
    public static async Task<BackupSite> CreateEmptyAsync()
    {
        var database = await TestDatabase.CreateAsync(empty: true);
        return new BackupSite(database.ConnectionString, database);
    }

    /// <summary>On a database and a data directory that somebody else has made.</summary>
    public static BackupSite On(string connectionString, DataDirectory data, string? folder = null, bool ownsDatabase = true) => new(connectionString, null, data, folder, ownsDatabase);

    /// <summary>The key, and the facts of a first start.</summary>
    public async Task SetUpAsync(byte[]? key = null)
    {
        if (key is null) key = KeyFile.Create();
        else KeyFile.Write(key);
        await using var db = Databases.CreateDbContext();
        db.Add(new SystemValue { Key = RootKeySeed.FingerprintKey, Value = RootKey.FingerprintOf(key), ChangedAt = DateTimeOffset.UtcNow });
        db.Add(new SystemValue { Key = FileStoreSeed.Key, Value = "store-of-this-site", ChangedAt = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
        await File.WriteAllTextAsync(Path.Combine(Data.Files, FileStoreSeed.MarkName), "store-of-this-site");
    }

    public Task<BackupResult> BackUpAsync(string? passphraseFile = null, Action<BackupStep>? progress = null) =>
        Writer.WriteAsync(new BackupRequest(Archive, WithFiles: true, passphraseFile), progress ?? (_ => { }), default);

    public Task<RestorePlan> PlanAsync(string? archive = null, string? passphraseFile = null) => Restorer.PlanAsync(archive ?? Archive, passphraseFile, _ => { }, default);

    public async Task<RestoreResult> RestoreAsync(string? archive = null, string? passphraseFile = null, Action<BackupStep>? progress = null)
    {
        await using var plan = await PlanAsync(archive, passphraseFile);
        return await Restorer.RestoreAsync(plan, progress ?? (_ => { }), default);
    }

    public async Task ExecuteAsync(string sql, params object?[] values)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, string? database = null)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database ?? DatabaseName }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The databases of this site on the server, its own included.</summary>
    public Task<string[]> DatabasesAsync() => ScalarAsync<string[]>($"SELECT coalesce(array_agg(datname::text ORDER BY datname), ARRAY[]::text[]) FROM pg_database WHERE datname = '{DatabaseName}' OR datname LIKE '{DatabaseName.Replace("_", "\\_", StringComparison.Ordinal)}\\_%'", "postgres");

    public async ValueTask DisposeAsync()
    {
        foreach (var beside in !_ownsDatabase ? [] : (await DatabasesAsync()).Where(d => d != DatabaseName))
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres" }.ConnectionString);
            await connection.OpenAsync();
            await using var drop = new NpgsqlCommand($"DROP DATABASE \"{beside}\" WITH (FORCE)", connection);
            await drop.ExecuteNonQueryAsync();
        }

        if (_database is not null) await _database.DisposeAsync();
        _own?.Dispose();
    }
}
