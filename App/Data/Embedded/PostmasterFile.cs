using System.Globalization;

namespace BlazorAdmin.Data.Embedded;

/// <summary>The server's own lock file, postmaster.pid: its lines are process, data directory, start time, port, socket folder, address, shared memory, state.</summary>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketDirectory, string State)
{
    public bool IsReady => State == "ready";

    public static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>Null when there is none, or when the server has only begun to write it.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        string[] lines;
        try
        {
            using var stream = new FileStream(PathIn(cluster), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            lines = reader.ReadToEnd().Split('\n');
        }
        catch (IOException)
        {
            return null;
        }
        return int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process)
            ? new PostmasterFile(Math.Abs(process), int.TryParse(lines.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var port) ? port : 0, lines.ElementAtOrDefault(4)?.Trim() ?? "", lines.ElementAtOrDefault(7)?.Trim() ?? "")
            : null;
    }
}
