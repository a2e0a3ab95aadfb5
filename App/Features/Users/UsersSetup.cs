using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Users;

public static class UsersSetup
{
    public static Portal AddUsers(this Portal portal)
    {
        portal.Permission(UsersPermissions.Read, Roles.Support, Roles.Auditor);
        portal.Permission(UsersPermissions.Manage);
        portal.Permission(UsersPermissions.Impersonate);
        portal.Settings<PrivacyOptions>(PrivacyOptions.Section);
        portal.Permission(UsersPermissions.RolesRead, Roles.Auditor);
        portal.Permission(UsersPermissions.RolesManage);
        portal.Navigation(new NavigationEntry("/admin/users", typeof(UsersTexts), "Users", NavigationGroup.Administration, "users", UsersPermissions.Read, 10));
        portal.Navigation(new NavigationEntry("/admin/roles", typeof(UsersTexts), "Roles", NavigationGroup.Administration, "key", UsersPermissions.RolesRead, 20));
        portal.Action(new PaletteAction(typeof(UsersTexts), "CreateUser", "plus", UsersPermissions.Manage, "/admin/users/new"));
        portal.Widget(new DashboardWidget("users.sign-ins", typeof(UsersTexts), "SignInsWidget", typeof(SignInsWidget), UsersPermissions.Read, 4, 42) { DescriptionKey = "AboutSignIns", Height = 3, LeastWidth = 3 });
        portal.Search<UserSearch>();
        portal.Services.AddScoped<UserDirectory>();
        portal.Services.AddScoped<UserAdministration>();
        portal.Services.AddScoped<RoleAdministration>();
        portal.Services.AddScoped<SignInStatistics>();
        portal.Services.AddScoped<UserDialogs>();
        return portal;
    }

    public static void MapUsers(this WebApplication app)
    {
    }
}
