using System.Security.Cryptography;

namespace BlazorAdmin.Data.Embedded;

/// <summary>The cluster's files: made once by initdb, refused when another major version made them.</summary>
internal sealed class PostgresCluster
{
    public const string UserName = "blazoradmin";
    public const string DatabaseName = "blazoradmin";
    private const string PasswordFile = "portal.password";

    private PostgresCluster(string directory, string password)
    {
        Directory = directory;
        Password = password;
    }

    public string Directory { get; }

    public string Password { get; }

    public static async Task<PostgresCluster> OpenAsync(EmbeddedPostgresOptions options, string binaries, ServerAccount account, ILogger logger, CancellationToken cancellation)
    {
        var directory = PathIn(options.DataDirectory);
        var versionFile = Path.Combine(directory, "PG_VERSION");
        if (!File.Exists(versionFile))
        {
            if (System.IO.Directory.Exists(directory) && System.IO.Directory.EnumerateFileSystemEntries(directory).Any())
                throw new EmbeddedPostgresException($"{directory} holds files, but no PostgreSQL cluster (PG_VERSION is missing). Restore it, or move it away to start with an empty database.");
            await CreateAsync(directory, binaries, options.FastButUnsafe, account, logger, cancellation);
        }

        var version = (await File.ReadAllTextAsync(versionFile, cancellation)).Trim();
        var expected = PostgresBinaries.MajorVersion(binaries);
        if (version != expected)
            throw new EmbeddedPostgresException($"{directory} was made by PostgreSQL {version}, the embedded server is PostgreSQL {expected}. Start the portal release that brought version {version} and move the data by backup and restore.");

        await account.TakeOverAsync(directory, logger, cancellation);
        if (ReadPassword(directory) is not { } password)
            throw new EmbeddedPostgresException($"The file {Path.Combine(directory, PasswordFile)} is missing: without it the portal cannot sign in to its database. Restore it from a backup.");
        return new PostgresCluster(directory, password);
    }

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "postgres");

    /// <summary>The portal's password, which also tells this cluster from every other one; null when there is none.</summary>
    public static string? ReadPassword(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, PasswordFile)).Trim() is { Length: > 0 } password ? password : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task CreateAsync(string directory, string binaries, bool fast, ServerAccount account, ILogger logger, CancellationToken cancellation)
    {
        logger.CreatingCluster(directory);
        // Made under another name and renamed when complete: an interrupted creation is not taken for a cluster.
        var unfinished = directory + ".new";
        var passwordFile = unfinished + ".password";
        var outcome = default(ToolProcess.Outcome);
        try
        {
            // The system's C.UTF-8 lets full-text search tell letters from typographic quotes and dashes; plain C, where there is none, does not.
            foreach (var locale in OperatingSystem.IsLinux() ? new[] { "C.UTF-8", "C" } : ["C"])
            {
                DeleteUnfinished(unfinished, passwordFile);
                WritePrivate(passwordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
                await account.TakeOverAsync(passwordFile, logger, cancellation);
                System.IO.Directory.CreateDirectory(unfinished);
                await account.TakeOverAsync(unfinished, logger, cancellation);
                outcome = await ToolProcess.RunAsync(account.Command(
                [
                    PostgresBinaries.Program(binaries, "initdb"), "--pgdata", unfinished, "--username", UserName,
                    "--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8", "--data-checksums",
                    "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", locale, "--no-instructions",
                    .. fast ? ["--no-sync"] : Array.Empty<string>(),
                ]), cancellation);
                if (outcome.Succeeded)
                    break;
            }
            if (!outcome.Succeeded)
                throw new EmbeddedPostgresException($"Cannot create the embedded database in {directory}: {outcome.LastLine}");
            File.Move(passwordFile, Path.Combine(unfinished, PasswordFile));
            if (System.IO.Directory.Exists(directory))
                System.IO.Directory.Delete(directory);
            System.IO.Directory.Move(unfinished, directory);
        }
        finally
        {
            DeleteUnfinished(unfinished, passwordFile);
        }
    }

    private static void DeleteUnfinished(string directory, string passwordFile)
    {
        File.Delete(passwordFile);
        if (System.IO.Directory.Exists(directory))
            System.IO.Directory.Delete(directory, recursive: true);
    }

    private static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
