namespace BlazorAdmin.Security;

/// <summary>Why somebody who is signed in can read and change nothing.</summary>
public enum ReadOnlyReason
{
    /// <summary>An administrator looks at the portal as another person.</summary>
    Impersonation,

    /// <summary>The portal is in maintenance.</summary>
    Maintenance,
}
