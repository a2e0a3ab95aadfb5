using BlazorAdmin.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.Tests.Data;

/// <summary>The PostgreSQL of a run that was given no server: started by the first test that needs it, stopped with the process.</summary>
internal static class EmbeddedTestServer
{
    public static async Task<TestServer> StartAsync(string run)
    {
        var runs = Path.Combine(Path.GetTempPath(), $"blazoradmin-tests-{Environment.UserName}");
        RemoveEarlierRuns(runs);
        var folder = Path.Combine(runs, run);
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = folder,
                BinariesDirectory = PostgresBinaries.Locate(Repository.Root),
                FastButUnsafe = true,
                MaxConnections = 300,
            },
            NullLogger.Instance);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.StopAsync().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return new PostgresTestServer(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" }.ConnectionString);
    }

    /// <summary>A killed test run leaves its cluster behind; one that is still running holds its lock file.</summary>
    private static void RemoveEarlierRuns(string runs)
    {
        if (!Directory.Exists(runs))
            return;
        foreach (var folder in Directory.EnumerateDirectories(runs))
        {
            try
            {
                using (DataDirectoryLock.Acquire(folder))
                {
                    if (File.Exists(PostmasterFile.PathIn(PostgresCluster.PathIn(folder))))
                        continue;
                }
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is EmbeddedPostgresException or IOException)
            {
                // It is another run's.
                continue;
            }
        }
    }
}
