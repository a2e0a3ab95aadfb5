namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Path">Absolute path of the original bytes; read only.</param>
/// <param name="Name">Name as the sender gave it: for display and as a hint between kinds of text, never part of a path.</param>
public sealed record DocumentSource(string Path, string Name);
