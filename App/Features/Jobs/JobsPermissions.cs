namespace BlazorAdmin.Features.Jobs;

public static class JobsPermissions
{
    public const string Read = "jobs.read";
    public const string Manage = "jobs.manage";
}
