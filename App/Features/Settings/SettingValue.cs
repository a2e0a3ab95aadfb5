namespace BlazorAdmin.Features.Settings;

/// <summary>One entry of a list or map.</summary>
/// <param name="Name">Full key, for instance <c>Security:KnownProxies:0</c>.</param>
/// <param name="IsBelow">A layer below the portal has it: here it can be changed but not taken away.</param>
public sealed record SettingItem(string Name, string? Value, SettingSource Source, string? File, bool IsOverridden, bool IsBelow, long Version);

/// <summary>One setting as it is in force, with where that comes from and what it takes.</summary>
public sealed record SettingValue
{
    public required string Section { get; init; }

    /// <summary>Full key as the options declare it.</summary>
    public required string Key { get; init; }

    public required SettingShape Shape { get; init; }

    public bool IsSecret { get; init; }

    /// <summary>Null if unset, and always for a secret. Of a list one entry a line, of a map <c>name=value</c>.</summary>
    public string? Value { get; init; }

    /// <summary>What the program has by itself; never of a secret.</summary>
    public string? Default { get; init; }

    public SettingSource Source { get; init; }

    /// <summary>Name of the file it comes from, if it is one.</summary>
    public string? File { get; init; }

    /// <summary>The environment variable or argument that says it and is not for the portal to change; null if there is none.</summary>
    public string? Owner { get; init; }

    /// <summary>There is a value that is not empty; the only thing that is said of a secret.</summary>
    public bool IsSet { get; init; }

    /// <summary>Set in the portal, whether that wins or not.</summary>
    public bool IsOverridden { get; init; }

    /// <summary>What would hold without the portal's value; never of a secret.</summary>
    public string? Below { get; init; }

    /// <summary>Number of its last change in the history; 0 if there is none.</summary>
    public long Version { get; init; }

    public IReadOnlyList<SettingItem> Items { get; init; } = [];

    /// <summary>The key without its section.</summary>
    public string Name => Key[(Section.Length + 1)..];
}
