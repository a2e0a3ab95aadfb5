using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Shell;

/// <summary>Reads and keeps what the person of this scope prefers.</summary>
public sealed class PreferenceStore(IDbContextFactory<AppDbContext> databases, CurrentCaller current, Guard guard, Topic<AccessChanged> changes)
{
    /// <summary>Null if nobody is signed in.</summary>
    public async Task<Preferences?> ReadAsync(CancellationToken cancellation = default)
    {
        if (await current.GetAsync(cancellation) is not { UserId: { } person }) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var own = await db.Users.AsNoTracking().Where(user => user.Id == person)
            .Select(user => new OwnPreferences(user.Theme, user.Density, user.Language, user.TimeZone)).SingleOrDefaultAsync(cancellation);
        return own?.Over(await RolePreferences.OfAsync(db, person, cancellation)).Effective;
    }

    public Task SetThemeAsync(Theme theme, CancellationToken cancellation = default) => ChangeAsync(user => user.Theme = theme, cancellation);

    public Task SetDensityAsync(Density density, CancellationToken cancellation = default) => ChangeAsync(user => user.Density = density, cancellation);

    /// <param name="language">One of <see cref="Languages.All"/>, or null to follow the browser.</param>
    public Task SetLanguageAsync(string? language, CancellationToken cancellation = default)
    {
        if (language is not null && Languages.Find(language) is null) throw new ArgumentException($"There are no texts in {language}.", nameof(language));
        return ChangeAsync(user => user.Language = language, cancellation);
    }

    /// <param name="zone">IANA name, or null to follow the browser.</param>
    public Task SetTimeZoneAsync(string? zone, CancellationToken cancellation = default)
    {
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) throw new ArgumentException($"There is no time zone {zone}.", nameof(zone));
        return ChangeAsync(user => user.TimeZone = zone, cancellation);
    }

    private async Task ChangeAsync(Action<User> change, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(user => user.Id == caller.PersonId, cancellation);
        change(user);
        if (!db.ChangeTracker.HasChanges()) return;
        db.Audit(caller, "account.prefer", "user", user.Id, user.DisplayName);
        await db.SaveChangesAsync(cancellation);
        // The next request must already speak the new language.
        changes.Publish(new AccessChanged(user.Id));
    }
}
