using System.Globalization;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <param name="Sha256">Of the bytes that the page is drawn from.</param>
/// <param name="Page">From 1.</param>
/// <param name="Width">Pixels.</param>
public sealed record PageImageKey(string Sha256, int Page, int Width)
{
    /// <summary>Name of its file: digits and letters of our own only.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{Sha256}-{Page}-{Width}.jpg");

    /// <summary>What the image in a file was drawn from; null when it is no such file.</summary>
    internal static string? HashOf(string path) => System.IO.Path.GetFileName(path) is { Length: > HashLength } name && name[HashLength] == '-' ? name[..HashLength] : null;

    private const int HashLength = 64;
}
