using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>A process that is followed: its files stay open, its counters are remembered.</summary>
internal sealed class ProcessEntry : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly string _folder;
    private readonly ProcFile _stat;
    private readonly ProcFile _traffic;
    private bool _isSecret;
    private byte[] _nameBytes = [];
    private string _name = "", _command = "", _user = "";
    private DateTimeOffset _startedAt;
    private RateCounter _cpu, _read, _written;

    public ProcessEntry(string proc, int pid)
    {
        Pid = pid;
        _folder = Path.Combine(proc, pid.ToString(CultureInfo.InvariantCulture));
        _stat = new ProcFile(Path.Combine(_folder, "stat"));
        _traffic = new ProcFile(Path.Combine(_folder, "io"));
    }

    public int Pid { get; }

    /// <summary>Ticks since the machine started; 0 before the first reading.</summary>
    public ulong Started { get; private set; }

    /// <summary>Number of the round in which it was last seen.</summary>
    public long Round { get; set; }

    /// <summary>Reads the process anew.</summary>
    /// <returns>Null when it has ended.</returns>
    /// <param name="booted">When the machine started.</param>
    /// <param name="keep">False to close the files again: there are too many.</param>
    /// <param name="now">Monotonic seconds.</param>
    public ProcessRow? Read(ProcBuffer buffer, ProcessUsers users, DateTimeOffset booted, double now, bool keep)
    {
        try
        {
            if (!ProcessStat.TryParse(_stat.Read(buffer), out var stat)) return null;
            if (Started != 0 && stat.Started != Started) return null;
            if (Started == 0)
            {
                Started = stat.Started;
                _startedAt = booted.AddSeconds(stat.Started / TicksPerSecond);
            }
            var cpu = _cpu.Next(stat.Ticks, now) / TicksPerSecond;
            var (state, parent, threads, pages) = (stat.State, stat.Parent, stat.Threads, stat.Pages);
            // A new name means that it runs another program, perhaps for another user. Read last: the buffer is used again.
            if (_nameBytes.Length == 0 || !stat.Name.SequenceEqual(_nameBytes)) Identify(stat.Name.ToArray(), buffer, users);
            var (read, written) = Traffic(buffer, now);
            return new ProcessRow(Pid, parent, _name, _command, _user, state, Known(cpu), (long)pages * Environment.SystemPageSize, threads, Known(read), Known(written), _startedAt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended between two looks.
            return null;
        }
        finally
        {
            if (!keep) Dispose();
        }
    }

    private void Identify(byte[] name, ProcBuffer buffer, ProcessUsers users)
    {
        _nameBytes = name;
        _name = Encoding.UTF8.GetString(name);
        using var command = new ProcFile(Path.Combine(_folder, "cmdline"));
        _command = CommandText.Of(command.Read(buffer)) is { Length: > 0 } text ? text : $"[{_name}]";
        using var status = new ProcFile(Path.Combine(_folder, "status"));
        var rest = status.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (line.StartsWith("Uid:"u8) && ProcText.Skip(ref line, 1) && ProcText.TryNumber(ref line, out var id)) _user = users.Name((uint)id);
    }

    private (double Read, double Written) Traffic(ProcBuffer buffer, double now)
    {
        var (read, written) = (double.NaN, double.NaN);
        if (_isSecret) return (read, written);
        try
        {
            var rest = _traffic.Read(buffer);
            while (ProcText.TryLine(ref rest, out var line))
            {
                if (line.StartsWith("read_bytes:"u8) && ProcText.Skip(ref line, 1) && ProcText.TryNumber(ref line, out var bytes)) read = _read.Next(bytes, now);
                else if (line.StartsWith("write_bytes:"u8) && ProcText.Skip(ref line, 1) && ProcText.TryNumber(ref line, out bytes)) written = _written.Next(bytes, now);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or a kernel that does not count.
            _isSecret = true;
        }
        return (read, written);
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    public void Dispose()
    {
        _stat.Dispose();
        _traffic.Dispose();
    }
}
