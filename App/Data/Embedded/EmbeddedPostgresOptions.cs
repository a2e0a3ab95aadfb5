namespace BlazorAdmin.Data.Embedded;

/// <summary>Where the embedded database server keeps its data and how it runs.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Absolute path. The cluster lives in its subfolder <c>postgres</c>; one portal at a time may use it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The <c>native</c> folder of the server's package; by default the one beside the program (<see cref="PostgresBinaries.Locate"/>).</summary>
    public string? BinariesDirectory { get; init; }

    /// <summary>Tests only: does not wait for the disk (no fsync). Killed processes lose nothing, a crash of the machine destroys the cluster.</summary>
    public bool FastButUnsafe { get; init; }

    /// <summary>Connections the server accepts; the connection string's pool stays below it.</summary>
    public int MaxConnections { get; init; } = 100;
}
