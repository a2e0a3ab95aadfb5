using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Data.Embedded;

/// <summary>Where the server listens: a Unix socket in a folder that only the portal's account can enter, or a loopback port on Windows.</summary>
internal sealed record SocketPlace(string Host, int Port)
{
    private const string TemporaryPrefix = "ba-";

    // sun_path holds 104 bytes on macOS and 108 on Linux, "/.s.PGSQL.5432" included.
    private const int LongestFolder = 80;

    public bool IsTemporary => Path.GetFileName(Host).StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    public static SocketPlace Prepare(string dataDirectory)
    {
        if (OperatingSystem.IsWindows())
            return new SocketPlace("127.0.0.1", FreePort());

        var beside = Beside(dataDirectory);
        if (Encoding.UTF8.GetByteCount(beside) <= LongestFolder)
        {
            if (Directory.Exists(beside))
                File.SetUnixFileMode(beside, OwnerOnly);
            else
                Directory.CreateDirectory(beside, OwnerOnly);
            if (HoldsSockets(beside))
                return new SocketPlace(beside, 5432);
        }
        // A new folder with a random name (mode 0700): nobody can have put one there before us.
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        var parent = Environment.IsPrivilegedProcess ? "/run" : Directory.Exists(runtime) ? runtime : Path.GetTempPath();
        return new SocketPlace(CreatePrivate(parent) ?? Directory.CreateTempSubdirectory(TemporaryPrefix).FullName, 5432);
    }

    /// <summary>True when a portal on this data directory could have chosen that folder.</summary>
    public static bool CouldBeOurs(string folder, string dataDirectory) =>
        folder == Beside(dataDirectory) || Path.GetFileName(folder).StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    public static void RemoveTemporary(string folder)
    {
        if (Path.GetFileName(folder).StartsWith(TemporaryPrefix, StringComparison.Ordinal) && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static string Beside(string dataDirectory) => Path.Combine(dataDirectory, "socket");

    private static string? CreatePrivate(string parent)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var folder = Path.Combine(parent, TemporaryPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        try
        {
            return Encoding.UTF8.GetByteCount(folder) <= LongestFolder ? Directory.CreateDirectory(folder, OwnerOnly).FullName : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Some shared and network folders keep files but no sockets.</summary>
    private static bool HoldsSockets(string folder)
    {
        var probe = Path.Combine(folder, "probe");
        File.Delete(probe);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(probe));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
