namespace BlazorAdmin.Features.Users;

public static class UsersPermissions
{
    public const string Read = "users.read";
    public const string Manage = "users.manage";
    public const string RolesRead = "roles.read";
    public const string RolesManage = "roles.manage";
}
