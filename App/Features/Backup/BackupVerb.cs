using System.Globalization;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Backup;

/// <summary><c>BlazorAdmin backup</c>: 0 if the archive is whole, 1 if none was made, 2 if the call was wrong, 130 if it was stopped.</summary>
public sealed class BackupVerb(BackupWriter writer) : ICommandLineVerb
{
    private const string Usage = "Usage: BlazorAdmin backup [--to FILE|FOLDER] [--no-files] [--passphrase-file FILE] [--quiet]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var (read, problem) = BackupArguments.Read(arguments, ["--to", "--passphrase-file"], ["--no-files", "--quiet"], takesFree: false);
        if (read is null)
        {
            await Console.Error.WriteLineAsync($"{problem} {Usage}");
            return 2;
        }

        using var console = new BackupConsole(read.Has("--quiet"), cancellation);
        try
        {
            var result = await writer.WriteAsync(new BackupRequest(read.Value("--to"), !read.Has("--no-files"), read.Value("--passphrase-file")), console.Show, console.Stopping);
            console.EndLine();
            Tell(result, read);
            return 0;
        }
        catch (BackupException exception)
        {
            console.EndLine();
            await Console.Error.WriteLineAsync($"No backup was made. {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (console.Stopping.IsCancellationRequested)
        {
            console.EndLine();
            await Console.Error.WriteLineAsync("Stopped. No backup was made.");
            return 130;
        }
    }

    private static void Tell(BackupResult result, BackupArguments read)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Path}: {result.Manifest.Rows:n0} rows, {result.Manifest.Files:n0} files, {result.Bytes / 1e6:0.0} MB."));
        foreach (var damaged in result.Manifest.DamagedFiles) Console.WriteLine($"Damaged in the file store, and so in the archive: {damaged}");
        if (!result.Recorded) Console.WriteLine("The database waits for its migrations: the backup does not stand in its list of backups.");
        if (read.Value("--passphrase-file") is null) Console.WriteLine("It can only be opened with the root key of this installation: keep keys/root.key elsewhere too, or give --passphrase-file.");
        Console.WriteLine($"Prove it with: BlazorAdmin restore {result.Path} --check");
    }
}
