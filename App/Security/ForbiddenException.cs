namespace BlazorAdmin.Security;

/// <summary>A service refused: the caller is not signed in any more, or lacks <see cref="Permission"/>.</summary>
public sealed class ForbiddenException(string? permission) : Exception(permission is null ? "You are not signed in." : $"This needs the permission {permission}.")
{
    /// <summary>What was missing; null if nobody is signed in.</summary>
    public string? Permission { get; } = permission;
}
