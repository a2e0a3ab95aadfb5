namespace BlazorAdmin.Features.Logs;

public static class LogsPermissions
{
    public const string Read = "logs.read";

    /// <summary>Download log, configuration and state in one archive.</summary>
    public const string Bundle = "logs.bundle";
}
