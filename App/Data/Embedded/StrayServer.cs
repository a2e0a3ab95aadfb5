using System.Diagnostics;
using System.Globalization;

namespace BlazorAdmin.Data.Embedded;

/// <summary>
/// Clears the way for a new server after a portal or a server was killed. The caller holds the lock on the data directory,
/// so no portal lives there; what is left is a server of ours to stop, processes that are ending, or a lock file of a dead one.
/// </summary>
internal sealed class StrayServer(string dataDirectory, string binaries, ServerAccount account, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ZombiePatience = TimeSpan.FromSeconds(5);

    private readonly string _cluster = PostgresCluster.PathIn(dataDirectory);

    public async Task ClearAsync(CancellationToken cancellation)
    {
        if (PostmasterFile.Read(_cluster) is not { } file)
            return;
        if (OperatingSystem.IsLinux())
        {
            await StopServerAsync(file, cancellation);
            await RemoveStaleLockAsync(cancellation);
        }
        else if ((await PgCtlAsync(["status"], cancellation)).Succeeded)
        {
            // Without /proc the server's own files are all there is to know it by.
            RefuseUnlessOurs(file, ours: true);
            logger.StoppingStray(file.ProcessId, _cluster);
            await PgCtlAsync(["stop", "-m", "fast", "-w", "-t", "30"], cancellation);
        }
        SocketPlace.RemoveTemporary(file.SocketDirectory);
    }

    private async Task StopServerAsync(PostmasterFile file, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var asked = false;
        while (ServerProcesses() is { Count: > 0 } processes)
        {
            // Without the postmaster its children end by themselves, but for one in the middle of a long statement; recovery covers it.
            if (!processes.Contains(file.ProcessId) && waited.Elapsed > OrphanPatience)
                processes.ForEach(Kill);
            else if (!asked && processes.Contains(file.ProcessId))
            {
                RefuseUnlessOurs(file, IsOurProgram(file.ProcessId));
                logger.StoppingStray(file.ProcessId, _cluster);
                var stop = await PgCtlAsync(["stop", "-m", "fast", "-w", "-t", "20"], cancellation);
                if (!stop.Succeeded)
                    await PgCtlAsync(["stop", "-m", "immediate", "-w", "-t", "10"], cancellation);
                asked = true;
            }
            if (waited.Elapsed > Patience)
                throw new EmbeddedPostgresException($"PostgreSQL processes of an earlier run still use {_cluster} and do not end: {string.Join(", ", processes)}.");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>
    /// PostgreSQL takes any process with the recorded number for its postmaster, also a zombie nobody reaps and, after a restart
    /// of the machine, a process that has nothing to do with it. Only then, and never for a live server, the file is removed.
    /// </summary>
    private async Task RemoveStaleLockAsync(CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (PostmasterFile.Read(_cluster) is { } file && StateOf(file.ProcessId) is { } state)
        {
            var zombie = state is 'Z' or 'X';
            // A process we may not look at is another user's: PostgreSQL itself does not take that one for its postmaster.
            var unknown = ProgramOf(file.ProcessId).Length == 0 && !Environment.IsPrivilegedProcess;
            if (!zombie && (unknown || IsServerHere(file.ProcessId)))
                return;
            if (!zombie || waited.Elapsed > ZombiePatience)
            {
                logger.RemovingStaleLock(file.ProcessId, PostmasterFile.PathIn(_cluster));
                File.Delete(PostmasterFile.PathIn(_cluster));
                return;
            }
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private void RefuseUnlessOurs(PostmasterFile file, bool ours)
    {
        if (!ours || !SocketPlace.CouldBeOurs(file.SocketDirectory, dataDirectory) && !OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException($"A PostgreSQL server that the portal did not start (process {file.ProcessId}) uses {_cluster}. Stop it first.");
    }

    private bool IsOurProgram(int process)
    {
        var program = ProgramOf(process);
        return program.StartsWith(binaries, StringComparison.Ordinal)
            || program.StartsWith(dataDirectory, StringComparison.Ordinal)
            || program.EndsWith($"{PostgresBinaries.Platform}/native/bin/postgres", StringComparison.Ordinal);
    }

    /// <summary>Processes that run a postgres program inside this cluster, the postmaster's orphaned children included.</summary>
    private List<int> ServerProcesses() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0 && IsServerHere(process))];

    /// <summary>A server's working directory is its cluster, and the cluster's password file is like no other.</summary>
    private bool IsServerHere(int process) =>
        Path.GetFileName(ProgramOf(process)) == "postgres"
        && PostgresCluster.ReadPassword($"/proc/{process}/cwd") is { } password
        && password == PostgresCluster.ReadPassword(_cluster);

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
            return;
        }
    }

    private static string ProgramOf(int process)
    {
        try
        {
            // A program that was replaced by an update is shown with this ending.
            return File.ResolveLinkTarget($"/proc/{process}/exe", returnFinalTarget: false)?.FullName.Replace(" (deleted)", "", StringComparison.Ordinal) ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is somebody else's.
            return "";
        }
    }

    /// <summary>The process state letter, null when there is no such process.</summary>
    private static char? StateOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Task<ToolProcess.Outcome> PgCtlAsync(string[] arguments, CancellationToken cancellation) =>
        ToolProcess.RunAsync(account.Command([PostgresBinaries.Program(binaries, "pg_ctl"), .. arguments, "-s", "-D", _cluster]), cancellation);
}
