using BlazorAdmin.Features.Users;
using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>When sign-ins end: makes session rows and moves their idle limit.</summary>
public sealed class SessionClock(IDbContextFactory<AppDbContext> databases, IOptionsMonitor<SecurityOptions> options, NodeInfo node, TimeProvider time)
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long somebody can look at the portal as another person before they have to say again why.</summary>
    public static readonly TimeSpan ImpersonationLimit = TimeSpan.FromMinutes(30);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, long> _written = new();

    /// <summary>A new session for <paramref name="user"/>; add it to the context of the sign-in.</summary>
    public SignInSession Start(User user, bool remember, string? address, string? userAgent)
    {
        var now = time.GetUtcNow();
        var ends = remember ? now.AddDays(options.CurrentValue.RememberDays) : now.AddHours(options.CurrentValue.AbsoluteHours);
        return new SignInSession
        {
            Id = Guid.NewGuid(),
            TenantId = user.TenantId,
            UserId = user.Id,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = IdleEnd(now, remember, ends),
            EndsAt = ends,
            ProvedAt = now,
            Remembered = remember,
            Address = Cut(address, 64),
            UserAgent = Cut(userAgent, 300),
            Node = node.Name,
        };
    }

    /// <summary>A session in which <paramref name="impersonator"/> looks at the portal as <paramref name="user"/>: half an hour, and no longer than the sign-in from which it begins.</summary>
    /// <param name="from">The administrator's own session.</param>
    public SignInSession StartLooking(User user, Guid impersonator, Guid from, string? address, string? userAgent)
    {
        var session = Start(user, remember: false, address, userAgent);
        session.Id = LookingId.New(from);
        session.Method = SignInMethod.Impersonation;
        session.ImpersonatorId = impersonator;
        session.EndsAt = session.CreatedAt + ImpersonationLimit;
        session.ExpiresAt = IdleEnd(session.CreatedAt, remembered: false, session.EndsAt);
        return session;
    }

    /// <summary>Notes activity, at most once a minute for each session.</summary>
    public async ValueTask TouchAsync(Guid sessionId, CancellationToken cancellation)
    {
        var stamp = time.GetTimestamp();
        if (_written.TryGetValue(sessionId, out var last) && time.GetElapsedTime(last, stamp) < WriteInterval) return;
        if (_written.Count > 10_000) _written.Clear();
        _written[sessionId] = stamp;
        var now = time.GetUtcNow();
        var stale = now - WriteInterval;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var session = await db.Set<SignInSession>().AsNoTracking()
            .Where(s => s.Id == sessionId && s.EndedAt == null && s.LastSeenAt < stale)
            .Select(s => new { s.Remembered, s.EndsAt }).SingleOrDefaultAsync(cancellation);
        if (session is null) return;
        var expires = IdleEnd(now, session.Remembered, session.EndsAt);
        await db.Set<SignInSession>().Where(s => s.Id == sessionId && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.ExpiresAt, expires).SetProperty(s => s.Node, node.Name), cancellation);
    }

    // Who asked to stay signed in comes back after a weekend: only the absolute end counts.
    private DateTimeOffset IdleEnd(DateTimeOffset now, bool remembered, DateTimeOffset ends)
    {
        var idle = now.AddMinutes(options.CurrentValue.IdleMinutes);
        return remembered || idle > ends ? ends : idle;
    }

    private static string? Cut(string? text, int length) => text is { } value && value.Length > length ? value[..length] : text;
}
