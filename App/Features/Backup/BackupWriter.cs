using System.Data.Common;
using System.Globalization;
using System.Reflection;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Features.Backup.Database;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Backup;

/// <param name="To">File or folder; null for the folder <c>backups</c> of the data directory.</param>
/// <param name="WithFiles">Contents of the file store too.</param>
/// <param name="PassphraseFile">Lets the archive be opened without the root key, which it then carries.</param>
public sealed record BackupRequest(string? To, bool WithFiles, string? PassphraseFile);

/// <param name="Recorded">Whether the database keeps a row of it; one that waits for its migrations does not.</param>
public sealed record BackupResult(string Path, long Bytes, ArchiveManifest Manifest, bool Recorded);

/// <summary>Makes an archive of the database, the files and the configuration as they are at one moment, beside whatever goes on.</summary>
public sealed class BackupWriter(
    IDbContextFactory<AppDbContext> databases, DatabaseChoice choice, IDatabaseDialect dialect, DataDirectory data, BackupFiles files, BackupKeyring keyring, BackupRuns runs, TimeProvider time)
{
    /// <summary>Ending of an archive that is not whole yet.</summary>
    public const string Unfinished = ".partial";

    internal const string LockName = "blazoradmin.backup";

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(3);

    /// <exception cref="BackupException">It cannot be made; no file is left that looks whole.</exception>
    public async Task<BackupResult> WriteAsync(BackupRequest request, Action<BackupStep> progress, CancellationToken cancellation)
    {
        if (choice.Provider != DatabaseProvider.Postgres)
            throw new BackupException(BackupProblem.OtherServer, "Archives are made of PostgreSQL. Back SQL Server up with its own BACKUP DATABASE, and the files and the root key with it (docs/backup.md).");
        var keys = keyring.Read(request.PassphraseFile);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        try
        {
            await db.Database.OpenConnectionAsync(cancellation);
            await using var held = await LockAsync(db.Database.GetDbConnection(), cancellation);
            return await WriteAsync(db, keys, request, progress, cancellation);
        }
        catch (Exception exception) when (BackupException.IsOfDatabase(exception))
        {
            throw new BackupException(BackupProblem.Unreachable, $"{choice.Description}: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupProblem.Other, $"The archive could not be written: {exception.Message}", exception);
        }
    }

    private async Task<BackupResult> WriteAsync(AppDbContext db, ArchiveKeys keys, BackupRequest request, Action<BackupStep> progress, CancellationToken cancellation)
    {
        IReadOnlyList<string> migrations = [.. await db.Database.GetAppliedMigrationsAsync(cancellation)];
        var known = db.Database.GetMigrations().ToList();
        if (migrations.Count == 0) throw new BackupException(BackupProblem.Other, "The database is empty: there is nothing to back up. Start the portal first.");
        if (migrations.FirstOrDefault(m => !known.Contains(m)) is { } newer)
            throw new BackupException(BackupProblem.Newer, $"The database was brought to a newer version ({newer}). Back it up with the newer program.");
        var path = PlaceFor(request.To);
        var current = migrations.Count == known.Count;
        var run = current ? await runs.BeginAsync(path, cancellation) : Guid.CreateVersion7();
        try
        {
            var start = new ArchiveStart(run, time.GetUtcNow(), Version, choice.Provider, choice.Description, migrations);
            var manifest = await WriteFileAsync(db, keys, path, start, request.WithFiles, progress, cancellation);
            var bytes = new FileInfo(path).Length;
            if (current) await runs.SucceedAsync(run, bytes, manifest, cancellation);
            return new BackupResult(path, bytes, manifest, current);
        }
        catch (Exception exception)
        {
            if (current) await TryFailAsync(run, exception is OperationCanceledException ? "Stopped." : exception.Message);
            throw;
        }
    }

    private async Task<ArchiveManifest> WriteFileAsync(AppDbContext db, ArchiveKeys keys, string path, ArchiveStart start, bool withFiles, Action<BackupStep> progress, CancellationToken cancellation)
    {
        await using var snapshot = await PostgresSnapshot.OpenAsync(db.Database.GetConnectionString()!, cancellation);
        if (!start.Migrations.SequenceEqual(await snapshot.MigrationsAsync(cancellation)))
            throw new BackupException(BackupProblem.InUse, "The database was brought to another version while the backup began. Make the backup again.");
        await CheckKeyAsync(snapshot, keys, cancellation);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var partial = path + Unfinished;
        // Outside of what tidies up: if somebody else writes this file, it is not ours to delete.
        var file = new FileStream(partial, options);
        try
        {
            ArchiveManifest manifest;
            await using (file)
            {
                await using var archive = await ArchiveWriter.CreateAsync(file, keys, start, cancellation);
                await WriteTablesAsync(archive, snapshot, BackupTables.Of(BackupTables.ModelAt(db, start.Migrations[^1])), progress, cancellation);
                await WriteFilesAsync(archive, withFiles, progress, cancellation);
                manifest = await archive.CompleteAsync(await snapshot.SequencesAsync(cancellation), cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: false);
            PosixCalls.FlushFolder(Path.GetDirectoryName(path)!);
            return manifest;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static async Task WriteTablesAsync(ArchiveWriter archive, PostgresSnapshot snapshot, IReadOnlyList<ArchiveTable> tables, Action<BackupStep> progress, CancellationToken cancellation)
    {
        var total = 0L;
        foreach (var table in tables) total += await snapshot.CountAsync(table, cancellation);
        var done = 0L;
        foreach (var table in tables)
        {
            progress(new BackupStep(BackupStage.Tables, table.Name, done, total));
            var before = done;
            var summary = await snapshot.ReadTableAsync(
                table, rows => archive.WriteTableAsync(table, rows, count => progress(new BackupStep(BackupStage.Tables, table.Name, before + count, total)), cancellation), cancellation);
            done += summary.Rows;
        }
    }

    private async Task WriteFilesAsync(ArchiveWriter archive, bool withContents, Action<BackupStep> progress, CancellationToken cancellation)
    {
        foreach (var (file, path) in files.Configuration()) await TryWriteAsync(file, path, null);
        if (!withContents) return;
        var total = files.Contents().Sum(f => new FileInfo(f.Path) is { Exists: true } found ? found.Length : 0);
        var done = 0L;
        foreach (var (file, path) in files.Contents())
        {
            var before = done;
            progress(new BackupStep(BackupStage.Files, file.Name, done, total));
            done += await TryWriteAsync(file, path, bytes => progress(new BackupStep(BackupStage.Files, file.Name, before + bytes, total)));
        }

        async Task<long> TryWriteAsync(ArchiveFile file, string path, Action<long>? moved)
        {
            FileStream content;
            try
            {
                content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 << 10, FileOptions.Asynchronous | FileOptions.SequentialScan);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                return 0; // a document was erased meanwhile
            }

            await using (content) return await archive.WriteFileAsync(file, content, moved, cancellation);
        }
    }

    /// <summary>An archive under another key than its database's would be of no use: its secrets could not be read.</summary>
    private static async Task CheckKeyAsync(PostgresSnapshot snapshot, ArchiveKeys keys, CancellationToken cancellation)
    {
        var expected = await snapshot.SystemValueAsync(RootKeySeed.FingerprintKey, cancellation);
        if (expected is null) throw new BackupException(BackupProblem.Other, "This database was never set up: there is nothing to back up. Start the portal first.");
        if (keys.RootKey is null) throw new BackupException(BackupProblem.OtherKey, $"The root key {expected[..8]} of this database is not here. Copy it to keys/root.key of the data directory or set RootKey.");
        if (RootKey.FingerprintOf(keys.RootKey) is var found && found != expected)
            throw new BackupException(BackupProblem.OtherKey, $"The root key here ({found[..8]}) is not the one of this database ({expected[..8]}). Restore keys/root.key or the setting RootKey.");
    }

    private async Task<IAsyncDisposable> LockAsync(DbConnection connection, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LockPatience);
        try
        {
            return await dialect.LockAsync(connection, LockName, patience.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new BackupException(BackupProblem.InUse, "Another backup of this database runs. Wait for its end.", exception);
        }
    }

    private async Task TryFailAsync(Guid run, string error)
    {
        try
        {
            await runs.FailAsync(run, error);
        }
        catch (Exception exception) when (BackupException.IsOfDatabase(exception))
        {
            return; // the database is what failed; the next backup closes the row
        }
    }

    /// <summary>Where the archive goes; unfinished ones of killed backups go from there.</summary>
    private string PlaceFor(string? to)
    {
        var place = to is null ? Path.Combine(data.Path, "backups") : Path.GetFullPath(to);
        var isFolder = to is null || Directory.Exists(place) || Path.EndsInDirectorySeparator(to);
        var folder = isFolder ? place : Path.GetDirectoryName(place)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var left in Directory.EnumerateFiles(folder, isFolder ? "blazoradmin-*.backup" + Unfinished : Path.GetFileName(place) + Unfinished)) RemoveUnlessWritten(left);
        var path = isFolder ? Path.Combine(folder, $"blazoradmin-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.backup") : place;
        return File.Exists(path) ? throw new BackupException(BackupProblem.Other, $"{path} exists already. Give another file, or a folder.") : path;
    }

    /// <summary>Another portal may write its backup into the same folder: it holds its file.</summary>
    private static void RemoveUnlessWritten(string partial)
    {
        try
        {
            using (new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) File.Delete(partial);
        }
        catch (IOException)
        {
            return;
        }
    }

    internal static string Version { get; } = typeof(BackupWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
}
