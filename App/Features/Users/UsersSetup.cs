using BlazorAdmin.Shell;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

public static class UsersSetup
{
    public static Portal AddUsers(this Portal portal)
    {
        portal.Permission(UsersPermissions.Read, Roles.Support, Roles.Auditor);
        portal.Permission(UsersPermissions.Manage);
        return portal;
    }

    public static void MapUsers(this WebApplication app)
    {
    }
}
