using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>Gives a role or one person a right on a collection; exactly one of <see cref="RoleId"/> and <see cref="UserId"/> is set.</summary>
public sealed class CollectionGrant : IAudited
{
    public Guid Id { get; set; }

    public Guid CollectionId { get; set; }

    public Guid TenantId { get; set; }

    public Guid? RoleId { get; set; }

    public Guid? UserId { get; set; }

    public CollectionRight Right { get; set; }
}
