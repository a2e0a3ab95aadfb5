namespace BlazorAdmin.Features.Settings;

/// <summary>
/// Values of some files. It looks twice a second whether one changed (which also works on network shares and mounted
/// maps, where change events do not come) and applies a change once the file rests. A file that cannot be read keeps its
/// last good values and is reported; at the first reading it stops the start instead, because there is nothing to keep.
/// </summary>
public sealed class SettingsFilesProvider(string root, Func<IReadOnlyList<string>> list, SettingsStatus status, TimeProvider time) : ConfigurationProvider, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _files = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, Stamp> _seen = new Dictionary<string, Stamp>();
    private IReadOnlyDictionary<string, Stamp> _applied = new Dictionary<string, Stamp>();
    private ITimer? _timer;
    private bool _disposed;

    /// <exception cref="SettingsFileException">A file cannot be read.</exception>
    public override void Load()
    {
        lock (_lock)
        {
            _seen = Look();
            var broken = Apply(_seen);
            if (broken is not null && _timer is null) throw broken;
            _timer ??= time.CreateTimer(_ => Tick(), null, Interval, Interval);
        }
    }

    /// <returns>Name of the file that gives <paramref name="key"/> its value here.</returns>
    public string? FileOf(string key)
    {
        lock (_lock) return _applied.Keys.Where(file => _files[file].Values.ContainsKey(key)).Select(Name).LastOrDefault();
    }

    /// <summary>The files that are there now, in their order; without their problems, which <see cref="SettingsStatus"/> has.</summary>
    public IReadOnlyList<SettingsFile> Files
    {
        get
        {
            lock (_lock) return [.. _applied.Select(file => new SettingsFile(Name(file.Key), file.Value.Length, new DateTimeOffset(file.Value.Ticks, TimeSpan.Zero), _files[file.Key].Values.Count, null))];
        }
    }

    private void Tick()
    {
        try
        {
            if (Refresh()) OnReload();
        }
        catch (Exception exception)
        {
            // Whoever was told of the change failed; the values stand, and the next change is not lost.
            status.Report("reload", $"A part of the portal could not take changed settings: {exception.GetBaseException().Message}");
        }
    }

    private bool Refresh()
    {
        lock (_lock)
        {
            if (_disposed) return false;
            var now = Look();
            var rests = Same(now, _seen);
            _seen = now;
            if (!rests || Same(now, _applied)) return false;
            Apply(now);
            return true;
        }
    }

    private SettingsFileException? Apply(IReadOnlyDictionary<string, Stamp> files)
    {
        SettingsFileException? first = null;
        foreach (var gone in _files.Keys.Except(files.Keys).ToList())
        {
            _files.Remove(gone);
            status.Resolve(Name(gone));
        }

        foreach (var (file, stamp) in files)
        {
            if (_files.TryGetValue(file, out var known) && known.Stamp == stamp) continue;
            try
            {
                _files[file] = new Known(stamp, SettingsFileParser.Parse(file, Read(file)));
                status.Resolve(Name(file));
            }
            catch (Exception exception) when (exception is SettingsFileException or IOException or UnauthorizedAccessException)
            {
                _files[file] = new Known(stamp, known?.Values ?? new Dictionary<string, string?>());
                status.Report(Name(file), exception.Message);
                first ??= new SettingsFileException($"{Name(file)} cannot be read: {exception.Message}", exception);
            }
        }

        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files.Keys)
            foreach (var (key, value) in _files[file].Values)
                data[key] = value;
        Data = data;
        _applied = files;
        return first;
    }

    // In the order of the list: later files win.
    private Dictionary<string, Stamp> Look()
    {
        var found = new Dictionary<string, Stamp>(StringComparer.Ordinal);
        try
        {
            foreach (var file in list())
                if (Target(file) is { Exists: true } info)
                    found[file] = new Stamp(info.LastWriteTimeUtc.Ticks, info.Length, info.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            status.Report("settings folder", exception.Message);
            return new Dictionary<string, Stamp>(_applied);
        }

        status.Resolve("settings folder");
        return found;
    }

    // Files of mounted maps are links through a link to a folder, which is turned to another folder: the times of what lies there count, and that it lies elsewhere.
    private static FileInfo Target(string file)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is null || info.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo target) return info;
        return target.Directory?.ResolveLinkTarget(returnFinalTarget: true) is { } folder ? new FileInfo(Path.Combine(folder.FullName, target.Name)) : target;
    }

    // At most what the parser takes and one byte more: a file may be huge, or a device without an end.
    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[Math.Min(SettingsFileParser.MaxBytes + 1, Math.Max(stream.CanSeek ? stream.Length + 1 : 0, 4096))];
        var length = 0;
        while (length <= SettingsFileParser.MaxBytes)
        {
            if (length == content.Length) Array.Resize(ref content, Math.Min(SettingsFileParser.MaxBytes + 1, content.Length * 2));
            var read = stream.Read(content, length, content.Length - length);
            if (read == 0) break;
            length += read;
        }

        return content[..length];
    }

    private static bool Same(IReadOnlyDictionary<string, Stamp> one, IReadOnlyDictionary<string, Stamp> other) => one.SequenceEqual(other);

    private string Name(string file) => Path.GetRelativePath(root, file) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private sealed record Known(Stamp Stamp, IReadOnlyDictionary<string, string?> Values);

    private readonly record struct Stamp(long Ticks, long Length, string Path);
}
