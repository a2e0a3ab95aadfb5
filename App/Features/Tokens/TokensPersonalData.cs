using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Tokens;

/// <summary>The tokens that somebody made. They end with the account: whoever made one has seen it, and must not open with it what somebody else may.</summary>
public sealed class TokensPersonalData : IPersonalData
{
    public string Name => "tokens";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(AccessToken)];

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.Set<AccessToken>().CountAsync(t => t.OwnerId == userId && t.RevokedAt == null, cancellation);

    public Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation) => archive.WriteAsync(Name,
        db.Set<AccessToken>().AsNoTracking().Where(t => t.OwnerId == userId).OrderBy(t => t.CreatedAt)
            .Select(t => new { t.Name, t.Prefix, t.Scopes, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.LastUsedFrom, t.RevokedAt }).AsAsyncEnumerable(), cancellation);

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var tokens = await db.Set<AccessToken>().Where(t => t.OwnerId == erasure.UserId).ToListAsync(cancellation);
        if (tokens.Count == 0) return;
        db.RemoveRange(tokens);
        db.Audit(erasure.Caller, "tokens.delete", "user", erasure.UserId, count: tokens.Count);
    }
}
