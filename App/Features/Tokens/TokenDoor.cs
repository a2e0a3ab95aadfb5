using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

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
/// <param name="Withheld">Scopes that it has and does not open, because its owner lacks the permission behind them now.</param>
public sealed record ShownToken(
    TokenRefusal Refusal, Guid Id = default, string Name = "", IReadOnlyList<string>? Scopes = null, DateTimeOffset? EndedAt = null, IReadOnlyList<string>? Withheld = null);

/// <summary>
/// Decides on shown tokens: one lookup by hash, whatever of their form was shown. Addresses with many wrong ones wait; sign-ins are
/// not counted with them, and a token that was accepted lately does not wait, so that a misconfigured scraper locks nobody out.
/// </summary>
public sealed class TokenDoor : IDisposable
{
    /// <summary>Wrong tokens from one address within <see cref="Window"/> that are looked up.</summary>
    public const int MostFailures = 60;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Addresses whose failures are counted; those that failed longest ago are forgotten first.</summary>
    internal const int MostAddresses = 10_000;

    private const int MostAccepted = 1_000;

    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly Topic<TokensChanged> _changes;
    private readonly TokenScopeCatalog _scopes;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<string, Failures> _failures = new();

    // By hash. Opens nothing: it only says who need not wait.
    private readonly ConcurrentDictionary<string, Accepted> _accepted = new();

    public TokenDoor(IDbContextFactory<AppDbContext> databases, Topic<TokensChanged> changes, TokenScopeCatalog scopes, TimeProvider time)
    {
        (_databases, _changes, _scopes, _time) = (databases, changes, scopes, time);
        _subscription = changes.Subscribe(Forget, _accepted.Clear);
    }

    public void Dispose() => _subscription.Dispose();

    public async Task<ShownToken> ShowAsync(string secret, string? address, CancellationToken cancellation)
    {
        var from = NetworkOf(address);
        var hash = TokenSecret.HashOf(secret);
        var key = Convert.ToHexString(hash);
        if (IsWaiting(from) && !IsAccepted(key)) return new ShownToken(TokenRefusal.TooManyFailures);
        if (!TokenSecret.HasForm(secret)) return Refuse(from, new ShownToken(TokenRefusal.Unknown));
        var now = _time.GetUtcNow();
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var found = await db.Set<AccessToken>().AsNoTracking().Where(t => t.Hash == hash)
            .Select(t => new { t.Id, t.OwnerId, t.Name, t.Scopes, t.ExpiresAt, t.RevokedAt, t.LastUsedAt, IsOwnerClosed = db.Users.Any(u => u.Id == t.OwnerId && u.DeactivatedAt != null) })
            .SingleOrDefaultAsync(cancellation);
        if (found is null) return Refuse(from, new ShownToken(TokenRefusal.Unknown));
        if (found.RevokedAt is { } revoked) return Refuse(from, new ShownToken(TokenRefusal.Revoked, found.Id, found.Name, null, revoked));
        if (found.ExpiresAt is { } expired && expired <= now) return Refuse(from, new ShownToken(TokenRefusal.Expired, found.Id, found.Name, null, expired));
        if (found.IsOwnerClosed) return Refuse(from, new ShownToken(TokenRefusal.OwnerClosed, found.Id, found.Name));
        await NoteUseAsync(db, found.Id, found.LastUsedAt, now, address, cancellation);
        Remember(key, found.Id);
        var (_, permissions) = await AccessRegistry.RolesAsync(db, found.OwnerId, cancellation);
        var byRight = found.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToLookup(scope => _scopes.PermissionOf(scope) is { } permission && permissions.Contains(permission));
        return new ShownToken(TokenRefusal.None, found.Id, found.Name, [.. byRight[true]], Withheld: [.. byRight[false]]);
    }

    /// <summary>The address, or the /64 of one of IPv6: who has one of those has all of them.</summary>
    internal static string NetworkOf(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return address ?? "";
        if (parsed.IsIPv4MappedToIPv6) return parsed.MapToIPv4().ToString();
        return new IPAddress([.. parsed.GetAddressBytes().AsSpan(0, 8), .. new byte[8]]) + "/64";
    }

    // One write a minute and token, however often it is used.
    private async Task NoteUseAsync(AppDbContext db, Guid id, DateTimeOffset? before, DateTimeOffset now, string? address, CancellationToken cancellation)
    {
        var minute = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        if (before >= minute) return;
        var written = await db.Set<AccessToken>().Where(t => t.Id == id && (t.LastUsedAt == null || t.LastUsedAt < minute))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, minute).SetProperty(t => t.LastUsedFrom, address), cancellation);
        if (written > 0) _changes.Publish(new TokensChanged(id));
    }

    private bool IsWaiting(string address) => _failures.TryGetValue(address, out var failures) && failures.Count >= MostFailures && _time.GetElapsedTime(failures.Since) < Window;

    private ShownToken Refuse(string address, ShownToken shown)
    {
        if (_failures.Count >= MostAddresses && !_failures.ContainsKey(address)) DropOldest(_failures, f => f.Since, MostAddresses);
        var now = _time.GetTimestamp();
        _failures.AddOrUpdate(address, _ => new Failures(1, now), (_, before) => _time.GetElapsedTime(before.Since, now) < Window ? before with { Count = before.Count + 1 } : new Failures(1, now));
        return shown;
    }

    private bool IsAccepted(string key) => _accepted.TryGetValue(key, out var accepted) && _time.GetElapsedTime(accepted.At) < Lately;

    private void Remember(string key, Guid id)
    {
        if (_accepted.Count >= MostAccepted && !_accepted.ContainsKey(key)) DropOldest(_accepted, a => a.At, MostAccepted);
        _accepted[key] = new Accepted(id, _time.GetTimestamp());
    }

    private void Forget(TokensChanged change)
    {
        foreach (var (key, accepted) in _accepted)
            if (accepted.Id == change.Id) _accepted.TryRemove(key, out _);
    }

    // A tenth at once, so that not every new one looks through all of them.
    private static void DropOldest<T>(ConcurrentDictionary<string, T> from, Func<T, long> since, int most)
    {
        foreach (var (key, _) in from.ToArray().OrderBy(pair => since(pair.Value)).Take(most / 10)) from.TryRemove(key, out _);
    }

    private sealed record Failures(int Count, long Since);

    private sealed record Accepted(Guid Id, long At);
}
