using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell;

/// <summary>Reads the titles that slices registered as marker class and key.</summary>
public sealed class SliceTexts(IStringLocalizerFactory factory)
{
    public string this[Type texts, string key] => factory.Create(texts)[key];
}
