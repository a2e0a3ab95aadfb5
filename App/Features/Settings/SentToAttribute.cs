namespace BlazorAdmin.Features.Settings;

/// <summary>
/// Stands on a secret and names the options beside it that say where it is sent. Whoever changes one of them in the portal must write the
/// secret anew or take it away in the same batch: else a secret that nobody can read could be sent to somebody who reads it.
/// </summary>
/// <param name="targets">Names of properties of the same class.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SentToAttribute(params string[] targets) : Attribute
{
    public IReadOnlyList<string> Targets => targets;
}
