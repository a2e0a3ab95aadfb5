namespace BlazorAdmin.Features.Settings;

/// <summary>What is wrong with a wish to change settings; the page has a sentence for each.</summary>
public enum SettingFault
{
    /// <summary>No registered section has the key.</summary>
    Unknown,

    /// <summary>The environment or the command line says it. {0}: the variable or argument.</summary>
    Owned,

    /// <summary>It is to be removed but the portal does not say it.</summary>
    NotSet,

    /// <summary>The key is named twice.</summary>
    Twice,

    /// <summary>{0}: most characters.</summary>
    TooLong,
    Missing,
    NotWhole,
    NotNumber,

    /// <summary>{0}, {1}: least and most, written for people of no language.</summary>
    OutOfRange,
    NotToggle,

    /// <summary>{0}: what is offered.</summary>
    NotOffered,

    /// <summary>{0}: the regular expression.</summary>
    Malformed,
    NotAddress,

    /// <summary>{0}: the value.</summary>
    Unreadable,

    /// <summary>A list or map of a file cannot be made shorter here. {0}: the entry.</summary>
    BelowStays,

    /// <summary>A line of a map is not <c>name=value</c>. {0}: the line.</summary>
    NotAPair,

    /// <summary>Somebody else changed it since it was opened. {0}: what it is now, if that may be said.</summary>
    Changed,
    ReasonMissing,

    /// <summary>It concerns who gets in: confirm first that it is you.</summary>
    ProofNeeded,

    /// <summary>{0}: most characters.</summary>
    ReasonTooLong,

    /// <summary>Everything is as wished already.</summary>
    NothingToDo,

    /// <summary>The imported file cannot be read. {0}: why.</summary>
    BadFile,

    /// <summary>It names a role that does not exist. {0}: the name, {1}: those that do.</summary>
    NoSuchRole,

    /// <summary>There is no such change in the history.</summary>
    NoSuchBatch,

    /// <summary>An old secret cannot be opened with the root key that is loaded.</summary>
    Sealed,

    /// <summary>It says where a secret is sent, and the batch leaves that secret as it is. {0}: the secret.</summary>
    SecretStays,

    /// <summary>An old secret would be sent elsewhere than then. {0}: what has changed since.</summary>
    SecretMoved,

    /// <summary>A check of the section's own. {0}: its message, in English.</summary>
    Other,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Key">The setting; null if it is about the whole.</param>
public sealed record SettingIssue(string? Key, SettingFault Fault, params string[] Arguments)
{
    /// <summary>For logs and messages of tests.</summary>
    public override string ToString() => $"{Key} {Fault} {string.Join(", ", Arguments)}".Trim();
}
