namespace BlazorAdmin.Security;

/// <summary>A service refused because the caller can only read at present; what is missing is no right of theirs.</summary>
public sealed class ReadOnlyException(ReadOnlyReason reason, string? permission = null)
    : ForbiddenException(permission, reason == ReadOnlyReason.Impersonation
        ? "You are looking at the portal as another person; nothing can be changed."
        : "The portal is in maintenance; nothing can be changed at present.")
{
    public ReadOnlyReason Reason { get; } = reason;
}
