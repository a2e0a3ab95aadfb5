namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>One external tool that reading documents uses.</summary>
/// <param name="Version">As the tool says it; null when the tool is missing.</param>
/// <param name="Package">Debian package that brings it.</param>
public sealed record Engine(string Name, string? Version, string Package)
{
    public bool Present => Version is not null;
}
