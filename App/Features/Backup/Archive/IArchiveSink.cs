namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>What becomes of the contents of an archive: nothing while it is verified, rows and files when it is restored.</summary>
internal interface IArchiveSink
{
    /// <summary>Takes the rows of a table; what it leaves is skipped.</summary>
    Task TakeTableAsync(ArchiveTable table, RowReader rows, CancellationToken cancellation);

    /// <summary>Takes the bytes of a file; what it leaves is skipped.</summary>
    Task TakeFileAsync(ArchiveFile file, Stream content, CancellationToken cancellation);
}
