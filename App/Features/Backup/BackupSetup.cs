using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Backup;

public static class BackupSetup
{
    /// <summary>Backup and restore on the command line.</summary>
    public static Portal AddBackup(this Portal portal)
    {
        portal.Verb<BackupVerb>("backup", "Makes an encrypted archive of database, files and configuration (--to FILE|FOLDER).");
        portal.Verb<RestoreVerb>("restore", "Restores an archive, or only proves it (--check).");
        portal.Services.AddSingleton<BackupFiles>();
        portal.Services.AddSingleton<BackupKeyring>();
        portal.Services.AddSingleton<BackupRuns>();
        portal.Services.AddSingleton<BackupWriter>();
        portal.Services.AddSingleton<BackupRestorer>();
        return portal;
    }
}
