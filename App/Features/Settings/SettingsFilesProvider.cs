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
                _files[file] = new Known(stamp, SettingsFileParser.Parse(file, File.ReadAllBytes(file)));
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
                if (new FileInfo(file) is { Exists: true } info)
                    found[file] = new Stamp(info.LastWriteTimeUtc.Ticks, info.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            status.Report("settings folder", exception.Message);
            return new Dictionary<string, Stamp>(_applied);
        }

        status.Resolve("settings folder");
        return found;
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

    private readonly record struct Stamp(long Ticks, long Length);
}
