namespace BlazorAdmin.Features.Documents;

/// <summary>An attachment whose bytes are in the content store.</summary>
/// <param name="Part">Place among the attachments of its mail, from 1.</param>
internal sealed record StoredAttachment(int Part, string Name, string Sha256, long Size);
