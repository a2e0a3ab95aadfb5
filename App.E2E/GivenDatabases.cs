using System.Collections.Concurrent;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.E2E;

/// <summary>
/// Databases on the server that TEST_POSTGRES or TEST_SQLSERVER names, one for each data directory: the portal makes
/// them itself at its first start.
/// </summary>
internal static class GivenDatabases
{
    private static readonly TestServer? Server = TestServer.FromEnvironment();
    private static readonly ConcurrentDictionary<string, string> Names = new();

    /// <summary>Setting and connection string for the portal of a data directory; null: it starts its embedded server.</summary>
    public static (string Setting, string ConnectionString)? For(string dataDirectory) =>
        Server is null ? null : ($"ConnectionStrings__{TestServer.Provider}", Server.ConnectionTo(Names.GetOrAdd(Path.GetFullPath(dataDirectory), _ => $"e2e_{Guid.NewGuid():N}")));

    public static void Drop(string dataDirectory)
    {
        if (Names.TryRemove(Path.GetFullPath(dataDirectory), out var name)) Server!.DropAsync(name).GetAwaiter().GetResult();
    }
}
