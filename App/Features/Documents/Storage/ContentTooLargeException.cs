namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>A stream brought more bytes than allowed; nothing of it was kept.</summary>
public sealed class ContentTooLargeException(long limit) : Exception($"More than {limit} bytes.")
{
    public long Limit { get; } = limit;
}
