namespace BlazorAdmin.Features.Documents;

/// <summary>Texts of the library: collections, tags, editing, bin, retention, the document's own page.</summary>
public sealed class LibraryTexts;
