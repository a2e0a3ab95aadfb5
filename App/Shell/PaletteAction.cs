namespace BlazorAdmin.Shell;

/// <summary>Something to do from the command palette; it leads to a page that does it or asks for what is missing.</summary>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="TitleKey">Key of the verb phrase, for instance "Upload documents".</param>
/// <param name="Permission">Who may; null for everybody signed in.</param>
public sealed record PaletteAction(Type Texts, string TitleKey, string Icon, string? Permission, string Url);
