namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>What somebody announces before they send it.</summary>
/// <param name="Size">Bytes of the whole file.</param>
/// <param name="CollectionId">Where it goes; null: into none.</param>
/// <param name="SeriesId">The series that it becomes a new version of; null: a document of its own.</param>
public sealed record UploadAnnouncement(string? Name, long? Size, Guid? CollectionId, Guid? SeriesId);

/// <summary>How far an upload is.</summary>
/// <param name="Offset">Bytes that are safely on disk.</param>
/// <param name="Document">What it became; null until it is whole.</param>
public sealed record UploadState(Guid Id, string Name, long Size, long Offset, UploadedFile? Document);

/// <summary>The document that an upload became.</summary>
/// <param name="Same">Another document with the same bytes that the caller may see.</param>
public sealed record UploadedFile(Guid Id, string Name, UploadDuplicate? Same);

/// <param name="MayJoin">The caller may make the new one a version of it.</param>
public sealed record UploadDuplicate(Guid Id, string Name, bool MayJoin);
