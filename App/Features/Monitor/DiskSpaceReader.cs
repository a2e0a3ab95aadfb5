using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Size of mounted file systems and what of it is not available any more, the reserve of the administrator included. Only
/// file systems on local devices: asking a network share that does not answer would hold up everything else.
/// </summary>
internal sealed class DiskSpaceReader(string root) : HostReader(MetricFamily.DiskSpace, ReaderPace.Slow)
{
    private const int LongestPath = 100;

    // Read-only images that are full by their nature.
    private static readonly string[] Images = ["squashfs", "iso9660", "udf", "erofs"];

    private readonly ProcFile _mounts = new(Path.Combine(root, "proc/mounts"));
    private Mount[] _shown = [];
    private int _seen;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_mounts.Exists) return false;
        var text = _mounts.Read(buffer);
        _seen = Print(text);
        var bySource = new Dictionary<string, string>();
        while (ProcText.TryLine(ref text, out var line))
        {
            var fields = Encoding.UTF8.GetString(line).Split(' ');
            if (fields.Length < 3) continue;
            var (source, path, type) = (Unescape(fields[0]), Unescape(fields[1]), fields[2]);
            if (!IsLocal(source, path, type) || path.Length > LongestPath || !Directory.Exists(Full(path))) continue;
            // Of several mounts of one device the one nearest to the root speaks for it.
            if (!bySource.TryGetValue(source, out var known) || path.Length < known.Length) bySource[source] = path;
        }
        _shown = [.. bySource.Values.Order(StringComparer.Ordinal).Select(path => new Mount(new DriveInfo(Full(path)),
            layout.Add(Family, $"space.{path}.used", MetricKind.Bytes, path), layout.Add(Family, $"space.{path}.total", MetricKind.Bytes, path)))];
        return _shown.Length > 0;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        DevicesChanged = Print(_mounts.Read(buffer)) != _seen;
        foreach (var mount in _shown)
        {
            try
            {
                var total = mount.Drive.TotalSize;
                Set(row, mount.Used, total - mount.Drive.AvailableFreeSpace);
                Set(row, mount.Total, total);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                DevicesChanged = true;
            }
        }
    }

    private string Full(string path) => Path.Combine(root, path.TrimStart('/'));

    private static bool IsLocal(string source, string path, string type) =>
        !Array.Exists(Images, image => image == type)
        && (source.StartsWith("/dev/", StringComparison.Ordinal) || type == "zfs" || (type == "overlay" && path == "/"));

    private static int Print(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }

    /// <summary>Spaces, tabs, line ends and backslashes stand as octal numbers.</summary>
    private static string Unescape(string text) => text
        .Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    public override void Dispose() => _mounts.Dispose();

    private sealed record Mount(DriveInfo Drive, int Used, int Total);
}
