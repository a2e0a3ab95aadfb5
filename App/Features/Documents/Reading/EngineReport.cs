namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What this machine reads documents with.</summary>
/// <param name="Languages">Languages that character recognition has data for.</param>
/// <param name="MissingLanguages">Languages that the settings ask for and the machine lacks.</param>
public sealed record EngineReport(IReadOnlyList<Engine> Engines, IReadOnlyList<string> Languages, IReadOnlyList<string> MissingLanguages, IsolationLevel Isolation, bool Limits)
{
    public bool Complete => Engines.All(engine => engine.Present) && MissingLanguages.Count == 0;
}
