using System.Data.Common;

namespace BlazorAdmin.Features.Backup;

/// <summary>Why a backup or a restore does not go on.</summary>
public enum BackupProblem
{
    /// <summary>The file is no archive of the portal.</summary>
    NoArchive,

    /// <summary>Changed, cut off, extended, or put together from parts.</summary>
    Tampered,

    /// <summary>Sealed under a key that is not here.</summary>
    OtherKey,

    /// <summary>Made by a newer portal than this one.</summary>
    Newer,

    /// <summary>Made on the other database server.</summary>
    OtherServer,

    NoSpace,

    /// <summary>Somebody else works on the database.</summary>
    InUse,

    /// <summary>The login of the database may not do it.</summary>
    NotAllowed,

    Unreachable,

    /// <summary>What was restored is not what was backed up.</summary>
    Different,

    /// <summary>Anything else that the message tells.</summary>
    Other,
}

/// <summary>A backup or restore was refused or given up; the message is one line for a person and says what to do.</summary>
public sealed class BackupException(BackupProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    public BackupProblem Problem { get; } = problem;

    /// <summary>Whether the database, or the way to it, is what failed. EF wraps what may pass into another exception.</summary>
    internal static bool IsOfDatabase(Exception exception) =>
        exception is DbException or TimeoutException or DbUpdateException || (exception is InvalidOperationException && exception.GetBaseException() is DbException or TimeoutException or System.Net.Sockets.SocketException);

    internal static BackupException Tampered(Exception? inner = null) =>
        new(BackupProblem.Tampered, "The archive is not as it was written: bytes of it were changed, are missing or were added. Nothing was restored. Take another copy of it.", inner);
}
