using System.Collections.Frozen;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Tokens;

/// <summary>Something that a token may open; slices register theirs with <see cref="TokenScopes.TokenScope"/>.</summary>
/// <param name="Name"><c>slice.verb</c>, for instance <c>metrics.read</c>.</param>
/// <param name="Texts">Marker class of the slice's texts.</param>
/// <param name="TextKey">Key of one sentence that says what it opens.</param>
/// <param name="Permission">What somebody must hold to give the scope to a token, and must go on holding for the token to open it.</param>
public sealed record TokenScope(string Name, Type Texts, string TextKey, string Permission);

/// <summary>Every scope that the slices registered.</summary>
public sealed class TokenScopeCatalog(IEnumerable<TokenScope> scopes)
{
    private readonly FrozenDictionary<string, TokenScope> _byName = scopes.ToFrozenDictionary(s => s.Name);

    public IReadOnlyList<TokenScope> All { get; } = [.. scopes.OrderBy(s => s.Name, StringComparer.Ordinal)];

    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The permission behind a scope; null if there is no such scope (any more).</summary>
    public string? PermissionOf(string name) => _byName.GetValueOrDefault(name)?.Permission;
}

public static class TokenScopes
{
    public const string MetricsRead = "metrics.read";
    public const string HealthRead = "health.read";

    /// <summary>Registers a scope; guard its endpoint with <see cref="TokenPolicies"/>.</summary>
    public static Portal TokenScope(this Portal portal, string name, Type texts, string textKey, string permission)
    {
        portal.Services.AddSingleton(new TokenScope(name, texts, textKey, permission));
        return portal;
    }
}
