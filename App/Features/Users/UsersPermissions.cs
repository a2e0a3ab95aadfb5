namespace BlazorAdmin.Features.Users;

public static class UsersPermissions
{
    public const string Read = "users.read";
    public const string Manage = "users.manage";

    /// <summary>Look at the portal as another person.</summary>
    public const string Impersonate = "users.impersonate";

    public const string RolesRead = "roles.read";
    public const string RolesManage = "roles.manage";
}
