namespace BlazorAdmin.Features.Notifications;

/// <summary>
/// Topic <c>notifications</c>: somebody has a new one (<paramref name="Id"/>), or has read some (null). Without a user it is
/// for everybody who has the role, without a role for everybody of the tenant.
/// </summary>
public sealed record NotificationsChanged(long? Id, Guid TenantId, Guid? UserId, string? Role);
