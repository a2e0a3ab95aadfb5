using System.Globalization;
using System.IO.Enumeration;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>
/// Walks the processes of the machine in the kernel's text files. Files of known processes stay open and are read into one
/// buffer; a process is its number and its start, so that a number that is given again is another process. Not thread-safe.
/// </summary>
internal sealed class ProcessSampler(string root) : IDisposable
{
    /// <summary>Processes whose files stay open, two each; those beyond are opened for every reading.</summary>
    private const int MostHeld = 1_000;

    private const int MostHandles = 10_000;
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = false };

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly ProcFile _stat = new(Path.Combine(root, "proc/stat"));
    private readonly ProcBuffer _buffer = new();
    private readonly ProcessUsers _users = new(root);
    private readonly Dictionary<int, ProcessEntry> _entries = [];
    private readonly List<int> _gone = [];
    private long _round;

    /// <summary>False on machines without the kernel's process folders.</summary>
    public static bool IsPossible(string root) => File.Exists(Path.Combine(root, "proc/stat"));

    /// <param name="now">Monotonic seconds; rates are per true elapsed time.</param>
    /// <param name="at">When that is.</param>
    /// <exception cref="IOException">The process folder cannot be read.</exception>
    public ProcessSnapshot Sample(double now, DateTimeOffset at)
    {
        var booted = Booted();
        var rows = new List<ProcessRow>(_entries.Count + 8);
        var first = _round++ == 0;
        foreach (var pid in Numbers())
        {
            var entry = _entries.GetValueOrDefault(pid) ?? Follow(pid);
            var row = Read(entry, booted, now);
            if (row is null && entry.Started != 0)
            {
                // It ended, and its number may already be another's.
                Forget(entry);
                entry = Follow(pid);
                row = Read(entry, booted, now);
            }
            if (row is null)
            {
                Forget(entry);
                continue;
            }
            entry.Round = _round;
            rows.Add(row);
        }
        Sweep();
        return new ProcessSnapshot(at, !first, rows);
    }

    /// <summary>Open files and sockets of a process, or null where the portal may not know. Stops counting at 10,000.</summary>
    public static int? Handles(string root, int pid)
    {
        try
        {
            var count = 0;
            foreach (var _ in new FileSystemEnumerable<bool>(Path.Combine(root, "proc", pid.ToString(CultureInfo.InvariantCulture), "fd"), static (ref _) => true, new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }))
                if (++count == MostHandles) break;
            return count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private ProcessRow? Read(ProcessEntry entry, DateTimeOffset booted, double now) =>
        entry.Read(_buffer, _users, booted, now, keep: _entries.Count <= MostHeld);

    private ProcessEntry Follow(int pid) => _entries[pid] = new ProcessEntry(_proc, pid);

    private void Forget(ProcessEntry entry)
    {
        entry.Dispose();
        _entries.Remove(entry.Pid);
    }

    private void Sweep()
    {
        _gone.Clear();
        foreach (var (pid, entry) in _entries)
            if (entry.Round != _round) _gone.Add(pid);
        foreach (var pid in _gone) Forget(_entries[pid]);
    }

    /// <summary>Folders whose name is a number, without a string for each.</summary>
    private FileSystemEnumerable<int> Numbers() =>
        new(_proc, static (ref entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture), Everything)
        {
            ShouldIncludePredicate = static (ref entry) => entry.FileName[0] is >= '1' and <= '9' && int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        };

    private DateTimeOffset Booted()
    {
        var rest = _stat.Read(_buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (line.StartsWith("btime"u8) && ProcText.Skip(ref line, 1) && ProcText.TryNumber(ref line, out var seconds))
                return DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return DateTimeOffset.UnixEpoch;
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values) entry.Dispose();
        _entries.Clear();
        _stat.Dispose();
    }
}
