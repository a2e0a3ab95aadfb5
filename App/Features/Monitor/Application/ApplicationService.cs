using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>What the portal measures about itself, for those who may see the monitor.</summary>
public sealed class ApplicationService(SlowCommands commands, Guard guard)
{
    /// <summary>The slowest database commands of the last hour, slowest first; at most fifty.</summary>
    /// <exception cref="ForbiddenException">The caller may not see the monitor.</exception>
    public async Task<IReadOnlyList<SlowCommand>> SlowCommandsAsync(CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        return commands.List();
    }
}
