namespace BlazorAdmin.Features.Monitor;

public static class MonitorPermissions
{
    public const string Read = "monitor.read";

    /// <summary>The command lines of processes: programs are given secrets there that no mask knows.</summary>
    public const string Commands = "monitor.commands";
}
