using System.Globalization;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Backup;

/// <summary><c>BlazorAdmin restore</c>: 0 if it was done or the archive proved, 1 if it was refused, 2 if the call was wrong, 130 if it was stopped.</summary>
public sealed class RestoreVerb(BackupRestorer restorer) : ICommandLineVerb
{
    private const string Usage = "Usage: BlazorAdmin restore FILE [--check] [--yes] [--passphrase-file FILE] [--quiet]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var (read, problem) = BackupArguments.Read(arguments, ["--passphrase-file"], ["--check", "--yes", "--quiet"], takesFree: true);
        if (read?.Free is not { } file)
        {
            await Console.Error.WriteLineAsync($"{problem ?? "Which archive?"} {Usage}");
            return 2;
        }

        using var console = new BackupConsole(read.Has("--quiet"), cancellation);
        try
        {
            // Asked first: whoever forgot to stop the portal should not wait for the archive to be read.
            var database = read.Has("--check") ? null : await restorer.TargetAsync(console.Stopping);
            await using var plan = await restorer.PlanAsync(file, read.Value("--passphrase-file"), console.Show, console.Stopping);
            console.EndLine();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Archive of {plan.Start.CreatedAt.UtcDateTime:u} (portal {plan.Start.Version}, {plan.Start.Database}): {plan.Manifest.Rows:n0} rows, {plan.Manifest.Files:n0} files, whole and genuine."));
            return database is null ? await CheckAsync(plan, console) : await RestoreAsync(plan, database, read.Has("--yes"), console);
        }
        catch (BackupException exception)
        {
            console.EndLine();
            await Console.Error.WriteLineAsync($"Refused. {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (console.Stopping.IsCancellationRequested)
        {
            console.EndLine();
            await Console.Error.WriteLineAsync("Stopped. The old state is untouched.");
            return 130;
        }
    }

    private async Task<int> CheckAsync(RestorePlan plan, BackupConsole console)
    {
        var noted = await restorer.CheckAsync(plan, console.Show, console.Stopping);
        console.EndLine();
        Console.WriteLine($"Restored into an empty database on trial: every table has the rows of the archive.{(noted ? "" : " The list of backups here does not know this archive.")}");
        return 0;
    }

    private async Task<int> RestoreAsync(RestorePlan plan, string database, bool sure, BackupConsole console)
    {
        if (!sure && !Confirms(database))
        {
            await Console.Error.WriteLineAsync("Not confirmed. Nothing was changed.");
            return 1;
        }

        var result = await restorer.RestoreAsync(plan, console.Show, console.Stopping);
        console.EndLine();
        Console.WriteLine($"Restored into {result.Database}. Everybody signs in anew.");
        if (result.Before is { } before) Console.WriteLine($"The database of before is kept as {before}: drop it when it is not needed any more.");
        if (result.TokensRevoked > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.TokensRevoked:n0} access tokens of the archive are revoked: make new ones for what still needs them."));
        if (result.FilesAdded > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.FilesAdded:n0} files that were missing were put into the file store."));
        if (result.ConfigurationFolder is { } folder) Console.WriteLine($"The configuration files of the archive are in {folder}. Nothing of them is in force: compare, take over what you need, and delete the folder.");
        if (result.AnchorKeptAs is { } anchor) Console.WriteLine($"The anchor of the audit of before is kept as {anchor}.");
        return 0;
    }

    private static bool Confirms(string database)
    {
        Console.Write($"This replaces the database {database} of the portal. Type its name to go on: ");
        return Console.ReadLine()?.Trim() == database;
    }
}
