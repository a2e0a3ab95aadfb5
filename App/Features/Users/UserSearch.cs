using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Users;

/// <summary>People in the command palette.</summary>
public sealed class UserSearch(UserDirectory directory, Guard guard) : ISearchProvider
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        if (!await guard.Allows(UsersPermissions.Read, cancellation)) return [];
        var found = await directory.FindAsync(text, limit, cancellation);
        return [.. found.Select(u => new SearchHit("User", u.Name, u.Email, $"/admin/users?item={u.Id}", "user"))];
    }
}
