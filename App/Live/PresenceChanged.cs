namespace BlazorAdmin.Live;

/// <summary>Topic <c>presence</c>: pages opened, moved or closed on a node. At most once in some seconds a node.</summary>
public sealed record PresenceChanged(Guid NodeInstance);
