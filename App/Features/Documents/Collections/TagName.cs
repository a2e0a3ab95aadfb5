using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>Names of tags: compared without case, parted by commas where several are typed.</summary>
public static class TagName
{
    public static bool IsFit(string name) => name.Trim() is { Length: > 0 and <= Tag.NameLength } clean && !clean.Contains(',') && !clean.Any(char.IsControl);

    public static string Normal(string name) => name.Trim().ToLowerInvariant();

    /// <summary>The names in a text that a person typed, each once.</summary>
    public static IReadOnlyList<string> Split(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DistinctBy(Normal)];

    /// <summary>Ids of the tags with these names; those that are missing are added to <paramref name="db"/>, if wanted.</summary>
    internal static async Task<List<Guid>> TagsNamed(this AppDbContext db, Caller caller, IReadOnlyList<string> names, bool make, CancellationToken cancel)
    {
        var wanted = names.DistinctBy(Normal).ToDictionary(Normal, name => name.Trim());
        var keys = wanted.Keys.ToList();
        if (keys.Count == 0) return [];
        var found = await db.Set<Tag>().Where(t => t.TenantId == caller.TenantId && keys.Contains(t.NormalizedName)).ToDictionaryAsync(t => t.NormalizedName, t => t.Id, cancel);
        if (make)
        {
            foreach (var key in keys.Where(key => !found.ContainsKey(key)))
            {
                var tag = new Tag { Id = Guid.CreateVersion7(), TenantId = caller.TenantId, Name = wanted[key], NormalizedName = key };
                db.Add(tag);
                found.Add(key, tag.Id);
            }
        }
        return [.. found.Values];
    }
}
