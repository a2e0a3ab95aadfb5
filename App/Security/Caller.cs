using System.Collections.Frozen;
using BlazorAdmin.Data;

namespace BlazorAdmin.Security;

/// <summary>Who asks a service for something, with what they may do at this moment.</summary>
/// <param name="UserId">Null for the portal itself.</param>
/// <param name="SessionId">The sign-in that the request or circuit belongs to.</param>
/// <param name="Name">For people to read.</param>
/// <param name="TenantId">Fixed when the request or circuit begins.</param>
/// <param name="Address">Remote address, or null.</param>
/// <param name="Permissions">Names of the permissions that the caller's roles bring now.</param>
public sealed record Caller(Guid? UserId, Guid? SessionId, string Name, Guid TenantId, string? Address, FrozenSet<string> Permissions)
{
    /// <summary>The portal itself: schedules, engine, set-up.</summary>
    public static Caller Portal { get; } = new(null, null, "BlazorAdmin", AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty) { IsPortal = true };

    public bool IsPortal { get; private init; }

    /// <summary>Names of the caller's roles now. Rights come from <see cref="Permissions"/> alone; flags ask for roles.</summary>
    public FrozenSet<string> Roles { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Hash of the caller's picture; null: none.</summary>
    public string? Picture { get; init; }

    /// <summary>Why the caller can only read; null: they can change what they may.</summary>
    public ReadOnlyReason? ReadOnly { get; init; }

    /// <summary>Permissions to change that the caller's roles bring and that <see cref="ReadOnly"/> takes away.</summary>
    public FrozenSet<string> Withheld { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The administrator who looks at the portal as <see cref="UserId"/>: what is done is theirs.</summary>
    public Guid? ImpersonatorId { get; init; }

    /// <summary>The id of a caller who is a person.</summary>
    public Guid PersonId => UserId ?? throw new InvalidOperationException("The portal itself has no account.");

    public bool May(string permission) => IsPortal || Permissions.Contains(permission);
}
