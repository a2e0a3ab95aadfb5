namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Why a watched folder as a whole takes nothing.</summary>
public enum WatchFault
{
    None,

    /// <summary>Name, path or patterns are missing or wrong in the configuration.</summary>
    Misconfigured,
    Missing,
    Unreadable,
    NoOwner,
    NoCollection,
    DiskFull,

    /// <summary>Taking in documents is switched off, or the portal is in maintenance.</summary>
    Off,
}
