namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Width">Pixels of the largest page.</param>
/// <param name="Height">Pixels of the largest page.</param>
/// <param name="Pages">Pages of a TIFF; 1 otherwise.</param>
public sealed record ImageFacts(long Width, long Height, int Pages)
{
    public decimal Pixels => (decimal)Width * Height;
}
