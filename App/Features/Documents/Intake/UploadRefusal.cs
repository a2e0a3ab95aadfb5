namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Why a piece of an upload, or the upload itself, was not taken.</summary>
public enum UploadRefusal
{
    /// <summary>There is no such upload of the caller.</summary>
    NotFound,

    /// <summary>The request begins elsewhere than the bytes that are there end.</summary>
    WrongOffset,

    /// <summary>Another request is writing to it at this moment.</summary>
    Busy,

    /// <summary>More bytes than the whole file was announced to have.</summary>
    TooLong,

    /// <summary>Larger than the settings allow.</summary>
    FileTooLarge,
    TooManyOpen,
    TooManyBytes,

    /// <summary>The disk of the files is (nearly) full.</summary>
    DiskFull,

    /// <summary>The announcement lacks the size, or has one that is none.</summary>
    SizeMissing,

    /// <summary>The caller may not put documents into the collection, or there is none.</summary>
    CollectionClosed,

    /// <summary>The caller may not add a version to the series, or there is none.</summary>
    SeriesClosed,
}

/// <summary>An upload was not taken as asked; what was stored safely before stays.</summary>
/// <param name="offset">How many bytes are there, where that helps.</param>
public sealed class UploadRefusedException(UploadRefusal refusal, long? offset = null) : Exception(refusal.ToString())
{
    public UploadRefusal Refusal { get; } = refusal;

    public long? Offset { get; } = offset;
}
