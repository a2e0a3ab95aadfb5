namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>A directory server of the settings.</summary>
/// <param name="Tls">TLS from the first byte (ldaps).</param>
public sealed record LdapServer(string Host, int Port, bool Tls)
{
    public bool IsThisMachine => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>Reads <c>ldaps://dc1.example.org</c> or <c>ldap://dc1.example.org:3890</c>; null if it is neither.</summary>
    public static LdapServer? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.AbsolutePath.Length > 1 || uri.Query.Length > 0) return null;
        return uri.Scheme switch
        {
            "ldaps" => new LdapServer(uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : 636, true),
            "ldap" => new LdapServer(uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : 389, false),
            _ => null,
        };
    }

    public override string ToString() => $"{(Tls ? "ldaps" : "ldap")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
