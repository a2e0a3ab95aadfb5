using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.Features.Mail;

/// <summary>Which addresses a mail server may have, and which of several takes the connection.</summary>
internal static class SmtpAddresses
{
    // The metadata service of a cloud where it speaks IPv6.
    private static readonly IPAddress Metadata = IPAddress.Parse("fd00:ec2::254");

    // Addresses of IPv4 behind a translator (RFC 6052): the last four bytes are the one that is called.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>False for what mail never lives at: link-local (a cloud's metadata service), unspecified, multicast.</summary>
    public static bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsAllowed(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.GetAddressBytes() is not ([169, 254, ..] or [0, ..] or [>= 224, ..]);
        if (Translated.Contains(address)) return IsAllowed(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any) && !address.Equals(Metadata);
    }

    /// <summary>Tries one address after the other. Those that do not answer share the time with those that come after them.</summary>
    /// <param name="limit">For all together; <paramref name="cancellation"/> keeps it for the last.</param>
    /// <exception cref="SocketException">The last one takes no connection.</exception>
    public static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var isLast = i == addresses.Count - 1;
            var left = limit - time.GetElapsedTime(began);
            using var late = new CancellationTokenSource(isLast || left <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan : left / (addresses.Count - i), time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], port), both.Token);
                return socket;
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (isLast || exception is not (SocketException or OperationCanceledException) || cancellation.IsCancellationRequested) throw;
            }
        }
    }
}
