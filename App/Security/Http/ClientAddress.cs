using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.Security.Http;

public static class ClientAddress
{
    /// <summary>The remote address as it is stored and counted; forwarded headers have been applied if they may be believed.</summary>
    public static string? Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null) return null;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    /// <summary>What stands for whoever uses <paramref name="address"/> where attempts are counted: an IPv4 address itself; of an IPv6 address the first 64 bits, since every connection has all addresses behind them.</summary>
    /// <returns>For instance <c>192.0.2.7</c> or <c>2001:db8:0:1::/64</c>; a text that is no address as it is.</returns>
    public static string NetworkOf(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (parsed.IsIPv4MappedToIPv6) return parsed.MapToIPv4().ToString();
        var bytes = parsed.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
