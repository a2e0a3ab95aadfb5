using System.Text;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>An entry that a search found.</summary>
/// <param name="Name">Its distinguished name.</param>
/// <param name="Attributes">By name without options; servers do not agree on upper and lower case.</param>
public sealed record LdapEntry(string Name, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Attributes)
{
    /// <summary>The first value as text, or null.</summary>
    public string? Text(string attribute) => Attributes.TryGetValue(attribute, out var values) && values.Count > 0 && Encoding.UTF8.GetString(values[0]).Trim() is { Length: > 0 } text ? text : null;

    public IReadOnlyList<string> Texts(string attribute) => Attributes.TryGetValue(attribute, out var values) ? [.. values.Select(Encoding.UTF8.GetString)] : [];

    public byte[]? Bytes(string attribute) => Attributes.TryGetValue(attribute, out var values) && values.Count > 0 ? values[0] : null;
}

/// <summary>Where a search looks below its base (RFC 4511, 4.5.1.2).</summary>
public enum LdapScope
{
    Base,
    OneLevel,
    Subtree,
}
