using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Flags;

/// <summary>Flags in the command palette.</summary>
public sealed class FlagSearch(FlagDirectory directory, FlagCatalog catalog, Guard guard) : ISearchProvider
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        if (!await guard.Allows(FlagsPermissions.Read, cancellation)) return [];
        var found = await directory.FindAsync(text, limit, cancellation);
        return [.. found.Select(f => new SearchHit("Flag", f.Key, f.Description ?? catalog.DescriptionOf(f.Key), $"/admin/flags/{f.Key}", "filter"))];
    }
}
