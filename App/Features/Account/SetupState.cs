using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Account;

/// <summary>Whether the installation still waits for its first administrator. Once it has one it is never asked again.</summary>
public sealed class SetupState(IDbContextFactory<AppDbContext> databases)
{
    private volatile bool _done;

    public async ValueTask<bool> IsNeededAsync(CancellationToken cancellation)
    {
        if (_done) return false;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await db.Users.AnyAsync(cancellation)) return true;
        _done = true;
        return false;
    }

    internal void Done() => _done = true;
}
