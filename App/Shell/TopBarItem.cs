namespace BlazorAdmin.Shell;

/// <summary>A component that a slice puts into the top bar, left of the account: the notification bell.</summary>
public sealed record TopBarItem(Type Component, int Order);
