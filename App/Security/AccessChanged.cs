namespace BlazorAdmin.Security;

/// <summary>
/// Somebody's rights or sessions changed: open circuits and cached rights of <paramref name="UserId"/> are read again at once;
/// null means everybody's (a role's bundle changed).
/// </summary>
public sealed record AccessChanged(Guid? UserId);
