namespace BlazorAdmin.Security;

/// <summary>A service refused: the caller is not signed in any more, lacks <see cref="Permission"/>, or can only read (<see cref="ReadOnlyException"/>).</summary>
public class ForbiddenException(string? permission, string message) : Exception(message)
{
    public ForbiddenException(string? permission) : this(permission, permission is null ? "You are not signed in." : $"This needs the permission {permission}.")
    {
    }

    /// <summary>What was missing; null if nobody is signed in, or no permission was asked for.</summary>
    public string? Permission { get; } = permission;
}
