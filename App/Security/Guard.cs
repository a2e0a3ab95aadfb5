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
        if (caller.ReadOnly is { } reason && caller.Withheld.Contains(permission)) throw await RefuseAsync(caller, reason, permission, cancellation);
        await RecordRefusal(caller, permission, cancellation);
        throw new ForbiddenException(permission);
    }

    /// <summary>Like <see cref="Require"/>, for a command whose permission also serves to read (one's own things).</summary>
    /// <exception cref="ForbiddenException">Not signed in, or the permission is missing.</exception>
    /// <exception cref="ReadOnlyException">The caller can only read.</exception>
    public async ValueTask<Caller> RequireChange(string permission, CancellationToken cancellation = default)
    {
        var caller = await Require(permission, cancellation);
        return caller.ReadOnly is { } reason ? throw await RefuseAsync(caller, reason, permission, cancellation) : caller;
    }

    /// <summary>The caller, for a command about their own things that needs no permission.</summary>
    /// <exception cref="ForbiddenException">Not signed in.</exception>
    /// <exception cref="ReadOnlyException">The caller can only read.</exception>
    public async ValueTask<Caller> RequireChange(CancellationToken cancellation = default)
    {
        var caller = await RequireSignedIn(cancellation);
        return caller.ReadOnly is { } reason ? throw await RefuseAsync(caller, reason, null, cancellation) : caller;
    }

    /// <summary>The caller, whoever it is; for what reads. A command asks <see cref="RequireChange(CancellationToken)"/>.</summary>
    /// <exception cref="ForbiddenException">Not signed in.</exception>
    public async ValueTask<Caller> RequireSignedIn(CancellationToken cancellation = default) =>
        await current.GetAsync(cancellation) ?? throw new ForbiddenException(null);

    /// <summary>For pages that show or hide; nothing is audited.</summary>
    public async ValueTask<bool> Allows(string permission, CancellationToken cancellation = default) =>
        await current.GetAsync(cancellation) is { } caller && caller.May(permission);

    // In maintenance everybody is refused, which tells nothing about anybody; who tries to act as somebody else is noted.
    private async Task<ReadOnlyException> RefuseAsync(Caller caller, ReadOnlyReason reason, string? permission, CancellationToken cancellation)
    {
        if (reason == ReadOnlyReason.Impersonation) await RecordRefusal(caller, permission ?? "own", cancellation);
        return new ReadOnlyException(reason, permission);
    }

    private async Task RecordRefusal(Caller caller, string permission, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "security.denied", "permission", permission, outcome: AuditOutcome.Denied);
        await db.SaveChangesAsync(cancellation);
    }
}
