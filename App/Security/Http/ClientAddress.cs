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
}
