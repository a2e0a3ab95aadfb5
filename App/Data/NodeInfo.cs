namespace BlazorAdmin.Data;

/// <summary>
/// This process among the ones on the same database. <paramref name="Name"/> is the same after a restart, so that a
/// restarted node recognises its own leases; <paramref name="Instance"/> is new at every start.
/// </summary>
public sealed record NodeInfo(string Name, Guid Instance, DateTimeOffset StartedAt);
