namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>How far external tools are shut off from the rest of the machine; the best level that works here is taken.</summary>
public enum IsolationLevel
{
    /// <summary>Own session and limits only.</summary>
    None,

    /// <summary>No network, own process table (user namespaces).</summary>
    Namespaces,

    /// <summary>No network, own process table, and the file system read-only but for the working folder (bubblewrap).</summary>
    Sandbox,
}
