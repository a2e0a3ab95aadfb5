using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Backup.Database;
using BlazorAdmin.Features.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Backup;

/// <summary>A database with the key of an installation, and what backs it up and restores it.</summary>
internal sealed class BackedUp : IDbContextFactory<AppDbContext>
{
    private BackedUp(string connectionString, string folder)
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        Folder = folder;
        var data = new DataDirectory(Path.Combine(folder, "data"));
        foreach (var path in new[] { data.Files, data.Keys }) Directory.CreateDirectory(path);
        KeyFile = new RootKeyFile(data, new ConfigurationBuilder().Build());
        var choice = new DatabaseChoice(DatabaseProvider.Postgres, ConnectionString);
        var keyring = new BackupKeyring(KeyFile);
        var runs = new BackupRuns(this, TimeProvider.System);
        var files = new BackupFiles(data, new HostingEnvironment { ContentRootPath = folder }, new SettingsStatus(TimeProvider.System));
        Writer = new BackupWriter(this, choice, new PostgresDialect(), data, files, keyring, runs, TimeProvider.System);
        Restorer = new BackupRestorer(this, choice, data, KeyFile, keyring, runs, new AnchorFile(data), new PostgresAuditSql(), Audit, TimeProvider.System);
    }

    public string ConnectionString { get; }

    public string Folder { get; }

    public string Archive => Path.Combine(Folder, "bench.backup");

    public BackupWriter Writer { get; }

    public BackupRestorer Restorer { get; }

    /// <summary>Those that a backup carries.</summary>
    public IReadOnlyList<string> Tables
    {
        get
        {
            using var db = CreateDbContext();
            return [.. BackupTables.Of(db.Model).Select(t => t.Name)];
        }
    }

    private RootKeyFile KeyFile { get; }

    private AuditInterceptor Audit { get; } = new(TimeProvider.System, new NodeInfo("bench", Guid.NewGuid(), DateTimeOffset.UtcNow));

    public static async Task<BackedUp> CreateAsync(string connectionString, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var site = new BackedUp(connectionString, folder);
        await using var db = site.CreateDbContext();
        db.Add(new SystemValue { Key = RootKeySeed.FingerprintKey, Value = RootKey.FingerprintOf(site.KeyFile.Create()), ChangedAt = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync(cancellation);
        return site;
    }

    public AppDbContext CreateDbContext() => new PostgresDbContext(new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(ConnectionString).AddInterceptors(Audit).Options);
}
