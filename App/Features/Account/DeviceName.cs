namespace BlazorAdmin.Features.Account;

/// <summary>What a person calls the device behind a user-agent header.</summary>
public static class DeviceName
{
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("FxiOS/", "Firefox"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <returns>For instance "Firefox, Windows"; null if nothing is recognised.</returns>
    public static string? Of(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent)) return null;
        var parts = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>();
        return string.Join(", ", parts) is { Length: > 0 } name ? name : null;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) => Array.Find(known, k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
