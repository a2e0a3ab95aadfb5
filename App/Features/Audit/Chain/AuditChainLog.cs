namespace BlazorAdmin.Features.Audit.Chain;

internal static partial class AuditChainLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Sealing the audit failed; trying again in a second")]
    public static partial void SealingFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The anchor of the audit {File} cannot be used")]
    public static partial void AnchorFileFailed(ILogger logger, Exception exception, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit in the database contradicts its anchor {File} (row {Sequence}): the file is kept as it is. Run 'audit verify'")]
    public static partial void AnchorContradicted(ILogger logger, string file, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is new and the data directory is not: the anchor of the earlier audit is kept as {File}")]
    public static partial void AnchorSetAside(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The anchor of the audit in the database is missing or was not signed here; the chain goes on behind row {Sequence}. Run 'audit verify'")]
    public static partial void AnchorLost(ILogger logger, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit is not protected against changes by the database: {Problem}. Let the owner of the schema run 'migrate'")]
    public static partial void NotProtected(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit is not as it was written: {Count} problems, first: {First}")]
    public static partial void Broken(ILogger logger, long count, string first);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} audit rows that are older than {Days} days were deleted")]
    public static partial void Trimmed(ILogger logger, long rows, int days);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of the audit's chain could not be shown (reference {Reference})")]
    public static partial void ShowFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "A verification of the audit could not be started (reference {Reference})")]
    public static partial void VerifyFailed(ILogger logger, Exception exception, string reference);
}
