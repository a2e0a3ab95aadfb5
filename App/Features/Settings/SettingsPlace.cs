namespace BlazorAdmin.Features.Settings;

/// <summary>What the tab Configuration shows: one record for one query string.</summary>
/// <param name="Section">Name of the open section; null for the first.</param>
/// <param name="Search">Words in keys and descriptions; shows all sections.</param>
public sealed record SettingsPlace(string? Section, string Search)
{
    public const string Route = "/admin/system";

    public static SettingsPlace Of(string? section, string? search) => new(string.IsNullOrWhiteSpace(section) ? null : section, (search ?? "").Trim());

    public string Link
    {
        get
        {
            var parts = new List<string>();
            if (Section is not null) parts.Add($"section={Uri.EscapeDataString(Section)}");
            if (Search.Length > 0) parts.Add($"q={Uri.EscapeDataString(Search)}");
            return parts.Count == 0 ? Route : $"{Route}?{string.Join('&', parts)}";
        }
    }
}
