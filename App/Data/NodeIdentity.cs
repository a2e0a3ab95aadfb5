namespace BlazorAdmin.Data;

/// <summary>
/// Gives this process a name that is the same after a restart and no other living process on the same data directory
/// has: the first free number of the host, held by an exclusive lock on a file.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    private readonly FileStream _held;

    private NodeIdentity(NodeInfo info, FileStream held)
    {
        Info = info;
        _held = held;
    }

    public NodeInfo Info { get; }

    /// <param name="configuredName"><c>Node:Name</c>, or null for the host's name and data directory.</param>
    /// <exception cref="StartupException">The configured name is taken by a living process.</exception>
    public static NodeIdentity Take(DataDirectory data, string? configuredName, TimeProvider time)
    {
        if (!string.IsNullOrWhiteSpace(configuredName))
        {
            var held = TryHold(data, configuredName) ?? throw new StartupException($"Another portal on this data directory already runs as node '{configuredName}'. Give this one another Node:Name.");
            return Named(configuredName, held, time);
        }

        // Two machines may share a host name, and one machine may run portals from two data directories.
        var prefix = $"{Environment.MachineName.ToLowerInvariant()}-{(uint)PostgresDialect.StableHash(data.Path) % 10_000:0000}";
        for (var number = 1; number <= 100; number++)
            if (TryHold(data, $"{prefix}-{number}") is { } held)
                return Named($"{prefix}-{number}", held, time);
        throw new StartupException($"A hundred portals already run on {data.Path}.");
    }

    private static NodeIdentity Named(string name, FileStream held, TimeProvider time) => new(new NodeInfo(name, Guid.NewGuid(), time.GetUtcNow()), held);

    private static FileStream? TryHold(DataDirectory data, string name)
    {
        var file = Path.Combine(data.Nodes, string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')) + ".lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _held.Dispose();
}
