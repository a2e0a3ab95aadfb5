using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Tokens;

/// <summary>Why a token does not open.</summary>
public enum TokenRefusal
{
    None,
    Unknown,
    Expired,
    Revoked,
    OwnerClosed,
    TooManyFailures,
}

/// <summary>A token that was shown at a machine surface.</summary>
/// <param name="Scopes">Empty if it was refused.</param>
public sealed record ShownToken(TokenRefusal Refusal, Guid Id = default, string Name = "", IReadOnlyList<string>? Scopes = null, DateTimeOffset? EndedAt = null);

/// <summary>
/// Decides on shown tokens: one lookup by hash, whatever was shown. Addresses with many wrong ones wait; sign-ins are not counted
/// with them, so that a misconfigured scraper locks nobody out.
/// </summary>
public sealed class TokenDoor(IDbContextFactory<AppDbContext> databases, Topic<TokensChanged> changes, TimeProvider time)
{
    /// <summary>Wrong tokens from one address within <see cref="Window"/> that are looked up.</summary>
    public const int MostFailures = 60;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int MostAddresses = 10_000;

    private readonly ConcurrentDictionary<string, Failures> _failures = new();

    public async Task<ShownToken> ShowAsync(string secret, string? address, CancellationToken cancellation)
    {
        var from = address ?? "";
        if (IsWaiting(from)) return new ShownToken(TokenRefusal.TooManyFailures);
        var hash = TokenSecret.HashOf(secret);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await db.Set<AccessToken>().AsNoTracking().Where(t => t.Hash == hash)
            .Select(t => new { t.Id, t.Name, t.Scopes, t.ExpiresAt, t.RevokedAt, t.LastUsedAt, IsOwnerClosed = db.Users.Any(u => u.Id == t.OwnerId && u.DeactivatedAt != null) })
            .SingleOrDefaultAsync(cancellation);
        if (found is null) return Refuse(from, new ShownToken(TokenRefusal.Unknown));
        if (found.RevokedAt is { } revoked) return Refuse(from, new ShownToken(TokenRefusal.Revoked, found.Id, found.Name, null, revoked));
        if (found.ExpiresAt is { } expired && expired <= now) return Refuse(from, new ShownToken(TokenRefusal.Expired, found.Id, found.Name, null, expired));
        if (found.IsOwnerClosed) return Refuse(from, new ShownToken(TokenRefusal.OwnerClosed, found.Id, found.Name));
        await NoteUseAsync(db, found.Id, found.LastUsedAt, now, address, cancellation);
        return new ShownToken(TokenRefusal.None, found.Id, found.Name, found.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // One write a minute and token, however often it is used.
    private async Task NoteUseAsync(AppDbContext db, Guid id, DateTimeOffset? before, DateTimeOffset now, string? address, CancellationToken cancellation)
    {
        var minute = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        if (before >= minute) return;
        var written = await db.Set<AccessToken>().Where(t => t.Id == id && (t.LastUsedAt == null || t.LastUsedAt < minute))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, minute).SetProperty(t => t.LastUsedFrom, address), cancellation);
        if (written > 0) changes.Publish(new TokensChanged(id));
    }

    private bool IsWaiting(string address) => _failures.TryGetValue(address, out var failures) && failures.Count >= MostFailures && time.GetElapsedTime(failures.Since) < Window;

    private ShownToken Refuse(string address, ShownToken shown)
    {
        if (_failures.Count > MostAddresses) _failures.Clear();
        var now = time.GetTimestamp();
        _failures.AddOrUpdate(address, _ => new Failures(1, now), (_, before) => time.GetElapsedTime(before.Since, now) < Window ? before with { Count = before.Count + 1 } : new Failures(1, now));
        return shown;
    }

    private sealed record Failures(int Count, long Since);
}
