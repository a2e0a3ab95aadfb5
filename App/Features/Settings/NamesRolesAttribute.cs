namespace BlazorAdmin.Features.Settings;

/// <summary>Each entry of the list names a role: it must exist when it is saved, and follows when the role is renamed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NamesRolesAttribute : Attribute
{
    /// <summary>The name stands behind the last of these; null: it is the whole entry.</summary>
    public string? After { get; init; }

    internal string RoleIn(string entry) => entry[Start(entry)..].Trim();

    internal string WithRole(string entry, string role) => After is null ? role : $"{entry[..Start(entry)]} {role}";

    private int Start(string entry) => After is null || entry.LastIndexOf(After, StringComparison.Ordinal) is not (>= 0 and var at) ? 0 : at + After.Length;
}
