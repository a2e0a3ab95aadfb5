using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>A column, with the type as the server spells it.</summary>
public sealed record ArchiveColumn(string Name, string Type);

/// <summary>A table of the archive; its rows follow it.</summary>
public sealed record ArchiveTable(string Name, IReadOnlyList<ArchiveColumn> Columns);

public enum ArchiveFileKind
{
    /// <summary>Bytes of the content store, named by their SHA-256.</summary>
    Content,

    /// <summary>A configuration file, named by its path below the folder of the configuration.</summary>
    Configuration,
}

/// <summary>A file of the archive; its bytes follow it.</summary>
/// <param name="Name">Relative, with slashes.</param>
public sealed record ArchiveFile(ArchiveFileKind Kind, string Name);

/// <summary>What the archive says of itself before its contents.</summary>
/// <param name="Id">The run that made it.</param>
/// <param name="Version">Of the portal.</param>
/// <param name="Migrations">Of the database, in order.</param>
public sealed record ArchiveStart(Guid Id, DateTimeOffset CreatedAt, string Version, DatabaseProvider Provider, string Database, IReadOnlyList<string> Migrations);

/// <param name="Hash"><see cref="RowHash"/> of the rows.</param>
/// <param name="Bytes">Of the rows as they are stored in the archive.</param>
public sealed record TableSummary(string Name, long Rows, long Bytes, string Hash);

/// <summary>What the archive says of itself behind its contents.</summary>
/// <param name="Sequences">The servers' counters by name.</param>
/// <param name="FilesHash"><see cref="RowHash"/> over name, size and SHA-256 of each file.</param>
/// <param name="DamagedFiles">Files of the store whose bytes were not those that their name promises, at most 100.</param>
public sealed record ArchiveManifest(
    IReadOnlyList<TableSummary> Tables, IReadOnlyList<SequenceState> Sequences, long Files, long FileBytes, string FilesHash, IReadOnlyList<string> DamagedFiles)
{
    public long Rows => Tables.Sum(t => t.Rows);
}

/// <param name="IsCalled">Whether <paramref name="Value"/> was given out.</param>
public sealed record SequenceState(string Name, long Value, bool IsCalled);
