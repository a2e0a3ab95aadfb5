namespace BlazorAdmin.Features.Backup;

public enum BackupStage
{
    /// <summary>Rows go into the archive.</summary>
    Tables,

    /// <summary>Files go into the archive.</summary>
    Files,

    /// <summary>The archive is read from end to end; counted in bytes.</summary>
    Verifying,

    /// <summary>Rows go into the new database.</summary>
    Loading,

    /// <summary>The rows of the new database are compared with the archive.</summary>
    Comparing,

    /// <summary>The new database is brought to this version and prepared.</summary>
    Preparing,

    /// <summary>Files come out of the archive; counted in bytes.</summary>
    Restoring,

    /// <summary>The new database takes the place of the old one.</summary>
    Swapping,

    /// <summary>It has.</summary>
    Swapped,
}

/// <summary>How far a backup or a restore is.</summary>
/// <param name="Item">Table or file.</param>
/// <param name="Done">Rows, or bytes where the stage says so.</param>
/// <param name="Total">0 where it is not known.</param>
public sealed record BackupStep(BackupStage Stage, string Item, long Done, long Total);
