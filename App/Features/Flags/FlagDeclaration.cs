using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Flags;

/// <summary>A flag that code of the portal asks for: it exists in every installation.</summary>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="DescriptionKey">Key of the sentence that says what it switches.</param>
/// <param name="On">What everybody is given as delivered, and where the flag is archived.</param>
public sealed record FlagDeclaration(string Key, Type Texts, string DescriptionKey, bool On);

public static class FlagDeclarations
{
    /// <summary>Declares a flag that stays: a switch for operation, on or off as delivered. Ask for it through <see cref="FeatureFlags"/>.</summary>
    public static Portal Flag(this Portal portal, string key, Type texts, string descriptionKey, bool on = true)
    {
        portal.Services.AddSingleton(new FlagDeclaration(key, texts, descriptionKey, on));
        return portal;
    }
}
