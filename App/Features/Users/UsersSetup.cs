using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;

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
        portal.NotificationKind<UsersTexts>("users.imported", "KindImported");
        portal.NotificationKind<UsersTexts>("users.changed", "KindBulk");
        portal.Search<UserSearch>();
        portal.Services.AddScoped<UserDirectory>();
        portal.Services.AddScoped<UserAdministration>();
        portal.Services.AddScoped<Invitations>();
        portal.Topic<UserImportChanged>("user-imports");
        portal.Job<ImportUsers, ImportUsersHandler>();
        portal.Job<ChangeUsers, ChangeUsersHandler>();
        portal.Job<UndoChangeUsers, ChangeUsersHandler>();
        portal.Services.AddScoped<UserImports>();
        portal.Services.AddScoped<UserChange>();
        portal.Services.AddScoped<UserBulk>();
        portal.Services.AddScoped<UserBulkUndo>();
        portal.Services.AddScoped<IUndoableJobs>(services => services.GetRequiredService<UserBulkUndo>());
        portal.Services.AddScoped<UserExport>();
        portal.Services.AddScoped<UserInvitations>();
        portal.Services.AddScoped<UserAddress>();
        portal.Services.AddScoped<RoleAdministration>();
        portal.Services.AddScoped<SignInStatistics>();
        portal.Services.AddScoped<UserDialogs>();
        return portal;
    }

    public static void MapUsers(this WebApplication app)
    {
        app.MapListExport("/admin/users/export", "users", UserExport.Columns, UserDirectory.Defaults, (services, query, cancellation) => services.GetRequiredService<UserExport>().PeopleAsync(query, cancellation))
            .RequireAuthorization(UsersPermissions.Read);
        UserImportEndpoint.Map(app);
        app.MapListExport("/admin/users/permissions", "permissions", UserExport.PermissionColumns, UserDirectory.Defaults, (services, query, cancellation) => services.GetRequiredService<UserExport>().PermissionsAsync(query, cancellation))
            .RequireAuthorization(UsersPermissions.RolesRead);
    }
}
