namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>A file that was sent with a mail.</summary>
/// <param name="Part">Place among the attachments, from 1.</param>
/// <param name="Name">As the sender gave it; not yet cleaned.</param>
/// <param name="Open">The content, read once from beginning to end; throws <see cref="InvalidDataException"/> where the mail is broken there.</param>
internal sealed record MailAttachment(int Part, string Name, Func<Stream> Open);
