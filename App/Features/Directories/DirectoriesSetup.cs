using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Directories;

public static class DirectoriesSetup
{
    public static Portal AddDirectories(this Portal portal)
    {
        portal.Settings<DirectoryOptions>(DirectoryOptions.Section);
        portal.Settings<SingleSignOnOptions>(SingleSignOnOptions.Section);
        portal.Topic<DirectoryChanged>("directory");
        portal.NotificationKind<DirectoriesTexts>("directory.collision", "KindCollision");
        portal.Health<DirectoryHealthCheck>("directory");
        portal.Job<SyncDirectory, SyncDirectoryHandler>();
        portal.Schedule(SyncDirectory.Name, "0 0 3 * * ?", new SyncDirectory());
        portal.Services.AddSingleton<DirectoryClient>();
        portal.Services.AddSingleton<DirectoryOutage>();
        portal.Services.AddSingleton<ProxyRefusals>();
        portal.Services.AddScoped<DirectoryAccounts>();
        portal.Services.AddScoped<DirectorySync>();
        portal.Services.AddScoped<DirectoryService>();
        portal.Services.AddScoped<LocalAccounts>();
        portal.Services.AddScoped<SingleSignOnService>();
        portal.Services.AddScoped<DirectoryDialogs>();
        portal.Services.AddScoped<IExternalPasswords, DirectoryPasswords>();
        portal.Services.AddScoped<ProxySignIn>();
        return portal;
    }
}
