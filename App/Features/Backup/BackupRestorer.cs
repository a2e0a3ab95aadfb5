using System.Diagnostics;
using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Features.Backup.Database;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Security;
using Npgsql;

namespace BlazorAdmin.Features.Backup;

/// <param name="Before">What the old database is called now; null if there was none.</param>
/// <param name="FilesAdded">Files of the store that were missing or damaged.</param>
/// <param name="ConfigurationFolder">Where the configuration files of the archive were put; null if it had none.</param>
/// <param name="AnchorKeptAs">The anchor of the audit of before; null if there was none.</param>
/// <param name="TokensRevoked">Access tokens of the archive that were good when it was made.</param>
public sealed record RestoreResult(string Database, string? Before, long FilesAdded, string? ConfigurationFolder, string? AnchorKeptAs, int TokensRevoked);

/// <summary>
/// Verifies archives and restores them. Nothing is written before the whole archive was read and found genuine; then everything goes
/// into a new database beside the old one, which takes its place in one transaction when it is whole.
/// </summary>
public sealed class BackupRestorer(
    IDbContextFactory<AppDbContext> databases, DatabaseChoice choice, DataDirectory data, RootKeyFile keyFile, BackupKeyring keyring, BackupRuns runs, AnchorFile anchor, IAuditSql auditSql, AuditInterceptor audit, TimeProvider time)
{
    /// <summary>What a database takes of the disk for each byte of its rows: rows with their headers, indexes, the log of writing.</summary>
    private const int RoomPerByte = 4;

    private const string ConfigurationPrefix = "restored-configuration-";

    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the whole archive.</summary>
    /// <exception cref="BackupException">It is refused; nothing was written.</exception>
    public Task<RestorePlan> PlanAsync(string path, string? passphraseFile, Action<BackupStep> progress, CancellationToken cancellation) => GuardAsync(async () =>
    {
        var keys = keyring.Read(passphraseFile);
        var file = Open(path);
        try
        {
            await using var reader = await ArchiveReader.OpenAsync(file, keys, cancellation);
            await RefuseOthersAsync(reader.Start, cancellation);
            reader.FileProgress = _ => Tell();
            var manifest = await reader.ReadAsync(new Watch(Tell), cancellation);
            return new RestorePlan(file, keys, reader.Start, manifest, reader.Header.KeyId, reader.Header.RootKey);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        void Tell() => progress(new BackupStep(BackupStage.Verifying, Path.GetFileName(path), file.Position, file.Length));
    });

    /// <summary>Restores into an empty database that is dropped afterwards, compares every row, and notes that the archive was proved. The portal may run.</summary>
    /// <returns>False if the portal's database knows nothing of this backup, so that nothing was noted.</returns>
    /// <exception cref="BackupException">It cannot be restored.</exception>
    public Task<bool> CheckAsync(RestorePlan plan, Action<BackupStep> progress, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var server = await PostgresServer.OpenAsync(db.Database.GetConnectionString()!, cancellation);
        CheckSpace(plan, withFiles: false);
        await server.RemoveLeftoversAsync(cancellation);
        await using (await FillAsync(server, db, "check", plan, null, progress, cancellation)) progress(new BackupStep(BackupStage.Preparing, "", 1, 1));
        return await server.ExistsAsync(server.Database, cancellation) && (await db.Database.GetPendingMigrationsAsync(cancellation)).FirstOrDefault() is null && await runs.VerifyAsync(plan.Start.Id, cancellation);
    });

    /// <summary>Which database a restore replaces, by the name that has to be typed.</summary>
    /// <exception cref="BackupException">A portal serves on it, or the server cannot be reached.</exception>
    public Task<string> TargetAsync(CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var server = await PostgresServer.OpenAsync(db.Database.GetConnectionString()!, cancellation);
        await RefuseWhileUsedAsync(server, cancellation);
        return server.Database;
    });

    /// <summary>Restores.</summary>
    /// <exception cref="BackupException">It was given up; the old state is untouched.</exception>
    public Task<RestoreResult> RestoreAsync(RestorePlan plan, Action<BackupStep> progress, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var server = await PostgresServer.OpenAsync(db.Database.GetConnectionString()!, cancellation);
        RefuseOtherKey(plan);
        CheckSpace(plan, withFiles: true);
        await RefuseWhileUsedAsync(server, cancellation);
        await server.RemoveLeftoversAsync(cancellation);
        RemoveLeftovers();
        var stamp = time.GetUtcNow();
        var configuration = Path.Combine(data.Path, ConfigurationPrefix + stamp.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        var files = new RestoredFiles(new ContentStore(data.Files, time), configuration + BackupWriter.Unfinished);
        try
        {
            return await RestoreAsync(server, db, plan, files, configuration, stamp, progress, cancellation);
        }
        catch
        {
            // They may hold secrets, and belong to a restore that was given up.
            if (Directory.Exists(configuration)) Directory.Delete(configuration, recursive: true);
            RemoveLeftovers();
            throw;
        }
    });

    /// <summary>Removes the configuration files of restores that were given up or killed.</summary>
    private void RemoveLeftovers()
    {
        foreach (var left in Directory.EnumerateDirectories(data.Path, ConfigurationPrefix + "*" + BackupWriter.Unfinished)) Directory.Delete(left, recursive: true);
    }

    private async Task<RestoreResult> RestoreAsync(
        PostgresServer server, AppDbContext db, RestorePlan plan, RestoredFiles files, string configuration, DateTimeOffset stamp, Action<BackupStep> progress, CancellationToken cancellation)
    {
        await using var restored = await FillAsync(server, db, "restore", plan, files, progress, cancellation);
        var revoked = await PrepareAsync(restored.Db, plan, server.Database, cancellation);
        // The portal does it at its start too; until then nobody should be able to change what was restored.
        await auditSql.ProtectAsync(restored.Db, cancellation);
        await restored.AnalyseAsync(cancellation);
        progress(new BackupStep(BackupStage.Preparing, "", 1, 1));
        NpgsqlConnection.ClearAllPools();
        await RefuseWhileUsedAsync(server, cancellation);
        var before = await server.ExistsAsync(server.Database, cancellation) ? server.NameBeside("before", stamp) : null;
        progress(new BackupStep(BackupStage.Swapping, server.Database, 0, 1));
        await restored.Db.Database.CloseConnectionAsync();
        if (files.Configuration > 0) Directory.Move(configuration + BackupWriter.Unfinished, configuration);
        var kept = await SwapAsync(server, restored.Name, before ?? "", plan, stamp, cancellation);
        progress(new BackupStep(BackupStage.Swapped, server.Database, 1, 1));
        return new RestoreResult(server.Database, before, files.Added, files.Configuration > 0 ? configuration : null, kept, revoked);
    }

    /// <summary>Puts the new database into its place, and beside it what belongs to it: the root key, and no anchor of the audit of before.</summary>
    /// <returns>Where that anchor is now; null if there was none.</returns>
    private async Task<string?> SwapAsync(PostgresServer server, string restored, string before, RestorePlan plan, DateTimeOffset stamp, CancellationToken cancellation)
    {
        var (adopted, kept) = (false, (string?)null);
        try
        {
            // Before the swap: the portal that finds the new database must find them so.
            adopted = plan.RootKey is { } key && keyring.Adopt(key);
            kept = anchor.Read() is null ? null : anchor.SetAside(stamp);
            await server.SwapAsync(restored, before, cancellation);
            return kept;
        }
        catch
        {
            if (kept is not null) anchor.PutBack(kept);
            if (adopted) keyring.GiveUp();
            throw;
        }
    }

    /// <summary>Makes a database beside the portal's, fills it, compares it with the archive and brings it to this version.</summary>
    private async Task<TrialDatabase> FillAsync(PostgresServer server, AppDbContext db, string purpose, RestorePlan plan, IArchiveSink? files, Action<BackupStep> progress, CancellationToken cancellation)
    {
        var trial = await TrialDatabase.CreateAsync(server, server.NameBeside(purpose, time.GetUtcNow()), db, [audit], cancellation);
        try
        {
            var schema = await trial.MakeSchemaAsync(plan.Start.Migrations, cancellation);
            var loaded = new RowCount(BackupStage.Loading, plan.Manifest.Rows, progress);
            await trial.FillAsync(sink => plan.ReadAsync(sink, bytes => progress(new BackupStep(files is null ? BackupStage.Verifying : BackupStage.Restoring, "", bytes, plan.Manifest.FileBytes)), cancellation), schema, files, loaded.Tell, cancellation);
            await trial.CompareAsync(plan.Manifest, schema, new RowCount(BackupStage.Comparing, plan.Manifest.Rows, progress).Tell, cancellation);
            progress(new BackupStep(BackupStage.Preparing, "", 0, 1));
            await trial.MigrateAsync(null, cancellation);
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>What must be otherwise in a restored database than in the one that was backed up.</summary>
    /// <returns>How many access tokens were revoked.</returns>
    private async Task<int> PrepareAsync(AppDbContext db, RestorePlan plan, string database, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await ValueAsync(db, RootKeySeed.FingerprintKey, cancellation) is not { Value: var fingerprint } || fingerprint != plan.KeyId)
            throw new BackupException(BackupProblem.OtherKey, "The database in the archive belongs to another root key than the archive itself. Nothing was restored.");
        // Whoever ran them is gone: the engine takes them back by its own rule, as those of a node that was lost.
        await db.Set<Job>().Where(j => j.State == JobState.Running).ExecuteUpdateAsync(set => set.SetProperty(j => j.LeaseUntil, now), cancellation);
        // One that was revoked since would open doors again, and nobody can tell which.
        var revoked = await db.Set<AccessToken>().Where(t => t.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellation);
        if (await ValueAsync(db, Verifications.RunningKey, cancellation) is { } verifying) verifying.Value = null;
        await AdoptStoreAsync(db, now, cancellation);
        await runs.AdoptAsync(db, plan.Start, plan.Manifest, plan.Path, plan.Bytes, cancellation);
        db.Audit(Caller.Portal, "backup.restored", "backup", plan.Start.Id, Path.GetFileName(plan.Path), new
        {
            by = "command line", from = plan.Path, database, madeAt = plan.Start.CreatedAt, madeBy = plan.Start.Version, rows = plan.Manifest.Rows, files = plan.Manifest.Files, tokensRevoked = revoked, anchor = anchor.Read()?.Trim(),
        });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return revoked;
    }

    /// <summary>The database is to belong to the store that is here; a store without a mark gets the mark of the database.</summary>
    private async Task AdoptStoreAsync(AppDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        var mark = Path.Combine(data.Files, FileStoreSeed.MarkName);
        var known = await ValueAsync(db, FileStoreSeed.Key, cancellation);
        if (!File.Exists(mark))
        {
            if (known?.Value is { } value) await File.WriteAllTextAsync(mark, value, cancellation);
            return;
        }

        if (known is null) db.Add(known = new SystemValue { Key = FileStoreSeed.Key });
        (known.Value, known.ChangedAt) = ((await File.ReadAllTextAsync(mark, cancellation)).Trim(), now);
    }

    private static Task<SystemValue?> ValueAsync(AppDbContext db, string key, CancellationToken cancellation) => db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == key, cancellation);

    private async Task RefuseOthersAsync(ArchiveStart start, CancellationToken cancellation)
    {
        if (start.Provider != choice.Provider || choice.Provider != DatabaseProvider.Postgres)
            throw new BackupException(BackupProblem.OtherServer, $"The archive was made of {start.Provider}, and this portal runs on {choice.Provider}. Archives are restored on PostgreSQL only (docs/backup.md).");
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var known = db.Database.GetMigrations().ToList();
        if (start.Migrations.Count == 0 || !start.Migrations.SequenceEqual(known.Take(start.Migrations.Count)))
            throw new BackupException(BackupProblem.Newer, $"The archive was made by a newer portal ({start.Version}, {start.Migrations.Except(known).FirstOrDefault() ?? "other migrations"}). Restore it with that one.");
    }

    private void RefuseOtherKey(RestorePlan plan)
    {
        if (keyFile.TryRead() is { } here && RootKey.FingerprintOf(here) is var found && found != plan.KeyId)
            throw new BackupException(BackupProblem.OtherKey, $"The root key here ({found[..8]}) is not the one of the archive ({plan.KeyId[..8]}). Move {keyFile.FilePath} away, or remove the setting RootKey, and keep it: the database that is here needs it. Then restore again.");
    }

    private static async Task RefuseWhileUsedAsync(PostgresServer server, CancellationToken cancellation)
    {
        NpgsqlConnection.ClearAllPools();
        using var timer = new PeriodicTimer(LookInterval);
        var start = Stopwatch.GetTimestamp();
        while (await server.UsersAsync(cancellation) is { Count: > 0 } users)
        {
            // Sessions that were closed a moment ago, also our own, take a moment to be gone.
            if (Stopwatch.GetElapsedTime(start) > LeavePatience)
                throw new BackupException(BackupProblem.InUse, $"The database {server.Database} is in use ({string.Join(", ", users)}). Stop every portal on it, then restore again; nothing was changed.");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private void CheckSpace(RestorePlan plan, bool withFiles)
    {
        if (choice.IsEmbedded) DemandSpace(data.Path, RoomPerByte * plan.Manifest.Tables.Sum(t => t.Bytes), "the database");
        if (withFiles) DemandSpace(data.Files, plan.Manifest.FileBytes, "the files");
    }

    internal static void DemandSpace(string folder, long bytes, string what)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes) throw new BackupException(BackupProblem.NoSpace, string.Create(CultureInfo.InvariantCulture, $"{folder} has {free / 1e9:0.0} GB free, and {what} may need {bytes / 1e9:0.0} GB. Make room; nothing was changed."));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(Path.GetFullPath(path), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupProblem.NoArchive, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (BackupException.IsOfDatabase(exception))
        {
            throw new BackupException(BackupProblem.Unreachable, $"{choice.Description}: {exception.GetBaseException().Message.ReplaceLineEndings(" ")} The old state is untouched.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupProblem.Other, $"{exception.Message} The old state is untouched.", exception);
        }
    }

    /// <summary>Sums up the rows of the tables, which come one after the other.</summary>
    private sealed class RowCount(BackupStage stage, long total, Action<BackupStep> progress)
    {
        private string _table = "";
        private long _before;
        private long _rows;

        public void Tell(string table, long rows)
        {
            if (table != _table) (_table, _before) = (table, _before + _rows);
            _rows = rows;
            progress(new BackupStep(stage, table, _before + rows, total));
        }
    }

    /// <summary>Reads everything and keeps nothing.</summary>
    private sealed class Watch(Action progress) : IArchiveSink
    {
        public async Task TakeTableAsync(ArchiveTable table, RowReader rows, CancellationToken cancellation)
        {
            while ((await rows.NextAsync(cancellation)).Length > 0) progress();
        }

        public Task TakeFileAsync(ArchiveFile file, Stream content, CancellationToken cancellation) => Task.CompletedTask;
    }
}
