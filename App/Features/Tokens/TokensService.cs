using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Tokens;

/// <summary>Lists, makes and revokes access tokens. A revoked one stays in the list: it says who could once do what.</summary>
public sealed class TokensService(IDbContextFactory<AppDbContext> databases, Guard guard, RecentProof proof, TokenScopeCatalog scopes, Topic<TokensChanged> changes, TimeProvider time)
{
    public const int NameLength = 100;

    /// <summary>A token that shall live longer than this is one that shall not expire: say so.</summary>
    public const int MostYears = 10;

    public static readonly ListQuery Defaults = new() { Sort = "created", Descending = true };

    private static readonly Keyset<AccessToken> Orders = Keyset<AccessToken>.Create(t => t.Id, "created", descending: true).By("created", t => t.CreatedAt);

    public async Task<ListPage<TokenRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(TokensPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = Matching(db, caller, query);
        var page = await Orders.Page(db, source, query, t => new TokenRow
        {
            Id = t.Id, Name = t.Name, Prefix = t.Prefix, Scopes = t.Scopes, OwnerId = t.OwnerId, Owner = "", CreatedAt = t.CreatedAt, ExpiresAt = t.ExpiresAt,
            LastUsedAt = t.LastUsedAt, LastUsedFrom = t.LastUsedFrom, RevokedAt = t.RevokedAt,
        }, cancellation);
        return page with { Rows = await WithOwnersAsync(db, page.Rows, cancellation), Total = await source.CountUpTo(cancellation) };
    }

    /// <summary>Makes a token that acts for nobody: it opens exactly its scopes, each for as long as the caller may use it.</summary>
    public async Task<TokenResult> CreateAsync(NewToken wanted, CancellationToken cancellation)
    {
        var caller = await guard.Require(TokensPermissions.Manage, cancellation);
        var now = time.GetUtcNow();
        var name = wanted.Name.Trim();
        if (Check(caller, wanted, name, now) is var problem and not TokenProblem.None) return new TokenResult(problem);
        var secret = TokenSecret.New();
        var token = new AccessToken
        {
            Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, OwnerId = caller.PersonId, Name = name, Prefix = TokenSecret.PrefixOf(secret), Hash = TokenSecret.HashOf(secret),
            Scopes = string.Join(' ', wanted.Scopes.Distinct().Order(StringComparer.Ordinal)), CreatedAt = now, ExpiresAt = wanted.ExpiresAt?.ToUniversalTime(),
        };
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return new TokenResult(TokenProblem.ProofNeeded);
        db.Add(token);
        db.Audit(caller, "tokens.create", "token", token.Id, token.Name, new { prefix = token.Prefix, scopes = token.Scopes, expires = token.ExpiresAt });
        db.AfterCommit(() => changes.Publish(new TokensChanged(token.Id)));
        await db.SaveChangesAsync(cancellation);
        return new TokenResult(TokenProblem.None, token.Id, secret);
    }

    /// <summary>Ends a token at once, for good.</summary>
    /// <returns>False if there is none in the caller's tenant, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(TokensPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = time.GetUtcNow();
        // Two people at once: the second finds it revoked, and only one audit row says who did it.
        if (await db.Set<AccessToken>().Where(t => t.Id == id && t.TenantId == caller.TenantId && t.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellation) == 0) return false;
        var token = await db.Set<AccessToken>().AsNoTracking().Where(t => t.Id == id).Select(t => new { t.Name, t.Prefix, t.Scopes }).SingleAsync(cancellation);
        db.Audit(caller, "tokens.revoke", "token", id, token.Name, new { prefix = token.Prefix, scopes = token.Scopes });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new TokensChanged(id));
        return true;
    }

    private TokenProblem Check(Caller caller, NewToken wanted, string name, DateTimeOffset now)
    {
        if (name.Length == 0) return TokenProblem.NameMissing;
        if (name.Length > NameLength) return TokenProblem.NameTooLong;
        if (wanted.Scopes.Count == 0) return TokenProblem.ScopesMissing;
        if (!wanted.Scopes.All(scopes.Contains)) return TokenProblem.ScopeUnknown;
        if (!wanted.Scopes.All(scope => caller.May(scopes.PermissionOf(scope)!))) return TokenProblem.ScopeForbidden;
        if (wanted.ExpiresAt <= now) return TokenProblem.ExpiryPast;
        return wanted.ExpiresAt > now.AddYears(MostYears) ? TokenProblem.ExpiryTooFar : TokenProblem.None;
    }

    private IQueryable<AccessToken> Matching(AppDbContext db, Caller caller, ListQuery query)
    {
        var now = time.GetUtcNow();
        var tokens = db.Set<AccessToken>().AsNoTracking().Where(t => t.TenantId == caller.TenantId);
        tokens = query.Filter("state") switch
        {
            "active" => tokens.Where(t => t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now) && !db.Users.Any(u => u.Id == t.OwnerId && u.DeactivatedAt != null)),
            "expired" => tokens.Where(t => t.RevokedAt == null && t.ExpiresAt != null && t.ExpiresAt <= now),
            "revoked" => tokens.Where(t => t.RevokedAt != null),
            _ => tokens,
        };
        // No scope's name is part of another's, which the catalog's form slice.verb with the blanks around it sees to.
        if (query.Filter("scope") is { } scope) tokens = tokens.Where(t => (" " + t.Scopes + " ").Contains(" " + scope + " "));
        if (query.Search.Length == 0) return tokens;
        var lower = query.Search.ToLowerInvariant();
        return tokens.Where(t => t.Name.ToLower().Contains(lower) || t.Prefix == query.Search);
    }

    private static async Task<IReadOnlyList<TokenRow>> WithOwnersAsync(AppDbContext db, IReadOnlyList<TokenRow> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(r => r.OwnerId).Distinct().ToList();
        var owners = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.DisplayName, IsClosed = u.DeactivatedAt != null }).ToDictionaryAsync(u => u.Id, cancellation);
        return [.. rows.Select(r => owners.GetValueOrDefault(r.OwnerId) is { } owner ? r with { Owner = owner.DisplayName, IsOwnerClosed = owner.IsClosed } : r)];
    }
}
