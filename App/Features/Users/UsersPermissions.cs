namespace BlazorAdmin.Features.Users;

public static class UsersPermissions
{
    public const string Read = "users.read";
    public const string Manage = "users.manage";
}
