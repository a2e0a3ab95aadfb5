namespace BlazorAdmin.Shell;

/// <summary>What the document's request said about the browser; the circuit has no request of its own.</summary>
public sealed record BrowserFacts(string? TimeZone);
