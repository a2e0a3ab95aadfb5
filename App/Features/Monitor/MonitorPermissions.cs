namespace BlazorAdmin.Features.Monitor;

public static class MonitorPermissions
{
    public const string Read = "monitor.read";
}
