using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.Tests;

/// <summary>
/// Ports for programs that must be told one before they listen: below those that the system gives to whoever asks for any, so
/// that no connection takes one in between.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000, Last = 32_000;

    /// <summary>A port of this machine that nobody listens on, another one at each call.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Given)
                if (!Given.Add(port)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's already: the next.
            }
        }
    }

    private static HashSet<int> Given { get; } = [];
}
