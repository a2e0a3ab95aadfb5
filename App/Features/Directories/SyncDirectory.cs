using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Directories;

/// <summary>Brings the accounts of the directory's people to what it says: names, addresses, roles, who is gone, who is back.</summary>
[JobType(Name, Priority = 4, MaxAttempts = 3, MaxRunning = 1, TimeoutSeconds = 4 * 3600, Retry = "table 5m 30m")]
public sealed record SyncDirectory
{
    public const string Name = "directory.sync";
}

public sealed class SyncDirectoryHandler(DirectorySync sync, DirectoryClient client) : IJobHandler<SyncDirectory>
{
    public async Task RunAsync(SyncDirectory arguments, JobContext job, CancellationToken cancellation)
    {
        if (!client.Settings.IsConfigured)
        {
            job.Info("No directory is configured.");
            return;
        }

        try
        {
            var report = await sync.RunAsync(job.JobId, job.Progress, cancellation);
            if (report.Braked) throw new JobFailedException($"{report.Gone} of {report.Linked} accounts would be closed, and the directory shows {report.Found} people: that looks like a wrong filter, so nothing was changed. Check Directory:UserFilter and Directory:BaseDn, or raise Directory:BrakePercent.");
            job.Progress(100, $"{report.Changed} changed, {report.Closed} closed, {report.Reopened} opened again, {report.Linked} accounts in all");
        }
        catch (LdapException exception)
        {
            await sync.NoteFailureAsync(job.JobId, exception, CancellationToken.None);
            throw;
        }
    }
}
