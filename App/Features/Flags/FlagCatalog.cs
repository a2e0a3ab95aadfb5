using System.Collections.Frozen;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Flags;

/// <summary>The flags that the slices declared.</summary>
public sealed class FlagCatalog
{
    private readonly FrozenDictionary<string, FlagDeclaration> _declared;
    private readonly SliceTexts? _texts;

    /// <exception cref="InvalidOperationException">Two slices declare the same key.</exception>
    public FlagCatalog(IEnumerable<FlagDeclaration> declared, SliceTexts? texts = null)
    {
        _texts = texts;
        var all = declared.ToList();
        if (all.GroupBy(d => d.Key).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InvalidOperationException($"The flag {twice.Key} is declared twice.");
        _declared = all.ToFrozenDictionary(d => d.Key, StringComparer.Ordinal);
    }

    public IEnumerable<FlagDeclaration> All => _declared.Values;

    public FlagDeclaration? Find(string key) => _declared.GetValueOrDefault(key);

    /// <summary>What the flag switches, in the person's language; null if no code declared it.</summary>
    public string? DescriptionOf(string key) => Find(key) is { } declared ? _texts?[declared.Texts, declared.DescriptionKey] : null;

    /// <summary>What is given where there is no flag of this key.</summary>
    internal FlagDecision Fallback(string key)
    {
        var on = Find(key) is { On: true };
        return new FlagDecision(on ? FlagDefinition.OnName : FlagDefinition.OffName, null, on, FlagReason.Unknown, 0);
    }
}
