using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Security;

/// <summary>The first line of every service method: who asks, and may they. Pages only hide; this refuses.</summary>
public sealed class Guard(CurrentCaller current, IDbContextFactory<AppDbContext> databases)
{
    /// <summary>The caller, if they hold <paramref name="permission"/>; otherwise the refusal is audited and thrown.</summary>
    /// <exception cref="ForbiddenException">Not signed in, or the permission is missing.</exception>
    public async ValueTask<Caller> Require(string permission, CancellationToken cancellation = default)
    {
        var caller = await RequireSignedIn(cancellation);
        if (caller.May(permission)) return caller;
        await RecordRefusal(caller, permission, cancellation);
        throw new ForbiddenException(permission);
    }

    /// <summary>The caller, whoever it is.</summary>
    /// <exception cref="ForbiddenException">Not signed in.</exception>
    public async ValueTask<Caller> RequireSignedIn(CancellationToken cancellation = default) =>
        await current.GetAsync(cancellation) ?? throw new ForbiddenException(null);

    /// <summary>For pages that show or hide; nothing is audited.</summary>
    public async ValueTask<bool> Allows(string permission, CancellationToken cancellation = default) =>
        await current.GetAsync(cancellation) is { } caller && caller.May(permission);

    private async Task RecordRefusal(Caller caller, string permission, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "security.denied", "permission", permission, outcome: AuditOutcome.Denied);
        await db.SaveChangesAsync(cancellation);
    }
}
