namespace BlazorAdmin.Features.Settings;

/// <summary>A wish to change one value.</summary>
/// <param name="Key">Of a registered section, for instance <c>Notifications:RetentionDays</c> or <c>Security:KnownProxies:0</c>.</param>
/// <param name="Value">Null takes the portal's value away.</param>
/// <param name="Version">What <see cref="SettingValue.Version"/> was when the person looked; null does not check.</param>
public sealed record SettingEdit(string Key, string? Value, long? Version = null)
{
    // A secret must not reach a log through the record's own text.
    public override string ToString() => Key;
}

/// <summary>Which command makes a batch of changes.</summary>
public enum SettingsCommand
{
    Apply,
    Import,
    Rollback,
}

/// <summary>One line of a preview: what holds now and what would hold.</summary>
/// <param name="From">Null if unset, and always for a secret; the same for <paramref name="To"/>.</param>
/// <param name="IsRemoval">The portal's value goes; <paramref name="To"/> is what the layers below say.</param>
/// <param name="ToSource">Who says it then.</param>
public sealed record SettingLine(string Key, string? From, string? To, bool IsSecret, bool IsRemoval, bool NeedsRestart, SettingSource ToSource, string? ToFile, long Version);

/// <summary>What a batch of edits would do.</summary>
/// <param name="Lines">The differences; edits that change nothing are left out.</param>
/// <param name="Issues">Why it would be refused as a whole; empty if it can be applied.</param>
public sealed record SettingsPlan(IReadOnlyList<SettingLine> Lines, IReadOnlyList<SettingIssue> Issues)
{
    /// <summary>A proof that is missing may have been given meanwhile, in another window: the same command tries again.</summary>
    public bool CanApply => Lines.Count > 0 && Issues.All(issue => issue.Fault == SettingFault.ProofNeeded);

    internal static SettingsPlan Refused(SettingFault fault, params string[] arguments) => new([], [new SettingIssue(null, fault, arguments)]);
}

/// <summary>What became of a batch.</summary>
/// <param name="Batch">Its id in the history; null if it was refused.</param>
public sealed record SettingOutcome(IReadOnlyList<SettingIssue> Issues, Guid? Batch = null)
{
    public bool IsDone => Batch is not null;

    internal static SettingOutcome Refused(SettingFault fault, params string[] arguments) => new([new SettingIssue(null, fault, arguments)]);
}
