namespace BlazorAdmin.Security;

/// <summary>Keeps redirects within the portal.</summary>
public static class LocalUrl
{
    /// <returns><paramref name="url"/> if it is a path of this portal, otherwise <c>/</c>.</returns>
    public static string Clean(string? url) => IsLocal(url) ? url! : "/";

    private static bool IsLocal(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Length > 2000 || url[0] != '/') return false;
        // Browsers read a backslash as a slash and drop tabs and line ends, also when a proxy decoded them before.
        var decoded = url;
        for (var round = 0; round < 3; round++)
        {
            if (decoded.StartsWith("//", StringComparison.Ordinal) || decoded.Contains('\\') || decoded.Any(char.IsControl)) return false;
            var next = Uri.UnescapeDataString(decoded);
            if (next == decoded) break;
            decoded = next;
        }

        // Back to the sign-in itself would be a loop.
        return !url.StartsWith("/account/login", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("/account/logout", StringComparison.OrdinalIgnoreCase);
    }
}
