using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Samples on their way into the database: a file for each minute, appended to and handed to the operating system at once, so that
/// a killed process loses nothing that was appended. A file stays until its minute is in the database; while that is away they
/// queue up. One thread appends, another takes.
/// </summary>
internal sealed class MetricJournal : IDisposable
{
    private const string Open = ".journal", Taken = ".sealing", Refused = ".refused";
    private const string NameFormat = "yyyyMMddHHmm";

    private readonly string _folder;
    private readonly Lock _gate = new();
    private FileStream? _file;
    private MetricCatalog? _written;
    private long _minute;
    private byte[] _frame = [];

    public MetricJournal(string folder)
    {
        _folder = folder;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Appends rows, each to the file of its minute.</summary>
    /// <param name="times">Unix milliseconds; kept rounded to whole ones.</param>
    /// <param name="values">As many numbers for each row as the catalog has columns.</param>
    /// <exception cref="IOException">The disk is full or gone; the same rows may be appended again.</exception>
    public void Append(MetricCatalog catalog, ReadOnlySpan<double> times, ReadOnlySpan<float> values)
    {
        lock (_gate)
        {
            try
            {
                for (var first = 0; first < times.Length;)
                {
                    var minute = MetricLevels.Floor(Whole(times[first]), MetricLevels.Minute);
                    var end = first + 1;
                    while (end < times.Length && MetricLevels.Floor(Whole(times[end]), MetricLevels.Minute) == minute) end++;
                    Enter(minute);
                    if (_written != catalog) WriteColumns(catalog);
                    WriteRows(times[first..end], values[(first * catalog.Width)..(end * catalog.Width)], catalog.Width);
                    first = end;
                }
            }
            catch
            {
                Leave();
                throw;
            }
        }
    }

    /// <summary>Closes the file of a minute that is over, so that it can be taken.</summary>
    /// <param name="time">Unix milliseconds before which no sample comes any more.</param>
    public void CloseBefore(long time)
    {
        lock (_gate)
            if (_file is not null && _minute + MetricLevels.Minute <= time)
                Leave();
    }

    /// <summary>Notes that the portal stops in order.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_file is null) return;
            Grow(JournalFrame.HeaderBytes + 1);
            _frame[JournalFrame.HeaderBytes] = (byte)FrameKind.End;
            Write(JournalFrame.HeaderBytes + 1);
            Leave();
        }
    }

    /// <summary>The oldest minute that nobody appends to; null if there is none. Samples that come for it later begin a file anew.</summary>
    /// <param name="before">Unix milliseconds: the minute must be over by then.</param>
    public JournalFile? Take(long before)
    {
        lock (_gate)
        {
            foreach (var file in Files())
            {
                if (file.Path.EndsWith(Taken, StringComparison.Ordinal)) return file;
                if (file.Minute + MetricLevels.Minute > before || (_file is not null && _minute == file.Minute)) continue;
                var taken = Path.ChangeExtension(file.Path, Taken);
                File.Move(file.Path, taken);
                return file with { Path = taken };
            }
            return null;
        }
    }

    /// <summary>Name of a minute's file, whatever became of it.</summary>
    public static string NameOf(JournalFile file) => Path.GetFileNameWithoutExtension(file.Path);

    /// <summary>The minute is in the database.</summary>
    public static void Done(JournalFile file) => File.Delete(file.Path);

    /// <summary>The minute can never get into the database; its file stays for people to look at, until there is no room.</summary>
    public static void SetAside(JournalFile file) => File.Move(file.Path, Path.ChangeExtension(file.Path, Refused), overwrite: true);

    /// <summary>Deletes the oldest minutes until all fit in <paramref name="bytes"/>; the one being written stays.</summary>
    /// <returns>How many samples went; those set aside were counted then.</returns>
    public long Trim(long bytes)
    {
        lock (_gate)
        {
            var files = new DirectoryInfo(_folder).GetFiles().Where(f => f.Extension is Open or Taken or Refused).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
            var (total, lost) = (files.Sum(f => f.Length), 0L);
            foreach (var file in files)
            {
                if (total <= bytes) break;
                if (_file is not null && _file.Name == file.FullName) continue;
                if (file.Extension != Refused && MinuteOf(file.FullName) is { } minute) lost += Samples(file.FullName, minute);
                total -= file.Length;
                file.Delete();
            }
            return lost;
        }
    }

    private static long Samples(string path, long minute)
    {
        try
        {
            return JournalReader.Read(path, minute).Samples.Times.Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // nobody can tell; the room is needed all the same
        }
    }

    /// <summary>All minutes that wait, oldest first; the one being written too.</summary>
    public IReadOnlyList<JournalFile> Files() =>
    [
        .. Directory.EnumerateFiles(_folder).Where(path => Path.GetExtension(path) is Open or Taken)
            .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).ThenByDescending(Path.GetExtension, StringComparer.Ordinal)
            .Select(path => (Path: path, Minute: MinuteOf(path))).Where(file => file.Minute is not null).Select(file => new JournalFile(file.Path, file.Minute!.Value)),
    ];

    public void Dispose()
    {
        lock (_gate) Leave();
    }

    private void Enter(long minute)
    {
        if (_file is not null && _minute == minute) return;
        Leave();
        var path = Path.Combine(_folder, MetricLevels.At(minute).UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture) + Open);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        _minute = minute;
    }

    private void Leave()
    {
        _file?.Dispose();
        (_file, _written) = (null, null);
    }

    private void WriteColumns(MetricCatalog catalog)
    {
        using var content = new MemoryStream();
        content.Write(stackalloc byte[JournalFrame.HeaderBytes]);
        content.WriteByte((byte)FrameKind.Columns);
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(catalog.Metrics.Length);
            foreach (var metric in catalog.Metrics)
            {
                writer.Write(metric.Index);
                writer.Write(metric.Key);
                writer.Write(metric.Family.ToString());
                writer.Write(metric.Kind.ToString());
                writer.Write(metric.Device ?? "");
            }
        }
        Grow((int)content.Length);
        content.GetBuffer().AsSpan(0, (int)content.Length).CopyTo(_frame);
        Write((int)content.Length);
        _written = catalog;
    }

    private void WriteRows(ReadOnlySpan<double> times, ReadOnlySpan<float> values, int width)
    {
        var length = JournalFrame.HeaderBytes + 1 + 2 * sizeof(int) + times.Length * sizeof(long) + values.Length * sizeof(float);
        Grow(length);
        var rest = _frame.AsSpan(JournalFrame.HeaderBytes);
        rest[0] = (byte)FrameKind.Samples;
        BinaryPrimitives.WriteInt32LittleEndian(rest[1..], times.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest[5..], width);
        rest = rest[9..];
        foreach (var time in times)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, Whole(time));
            rest = rest[sizeof(long)..];
        }
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, BitConverter.SingleToUInt32Bits(value));
            rest = rest[sizeof(float)..];
        }
        Write(length);
    }

    private void Grow(int length)
    {
        if (_frame.Length < length) _frame = new byte[Math.Max(length, 2 * _frame.Length)];
    }

    // One write call: what the kernel has taken survives the process.
    private void Write(int length)
    {
        JournalFrame.Seal(_frame.AsSpan(0, length));
        _file!.Write(_frame, 0, length);
    }

    private static long Whole(double time) => (long)Math.Round(time);

    private static long? MinuteOf(string path) =>
        DateTime.TryParseExact(Path.GetFileNameWithoutExtension(path), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var minute)
            ? new DateTimeOffset(minute).ToUnixTimeMilliseconds()
            : null;
}

/// <summary>A minute that waits for the database.</summary>
/// <param name="Minute">Its start, Unix milliseconds.</param>
internal sealed record JournalFile(string Path, long Minute);
