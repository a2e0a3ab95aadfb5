using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace BlazorAdmin.Tests.Data;

/// <summary>SQL Server cannot copy a database by a statement without files of the server, so that each one is migrated.</summary>
public sealed class SqlServerTestServer(string administration) : TestServer(new SqlConnectionStringBuilder(administration) { Pooling = false }.ConnectionString)
{
    protected override string Variable => SqlServerVariable;

    protected override string Product => "SQL Server";

    public override bool CopiesDatabases => false;

    public override string ConnectionTo(string database) =>
        new SqlConnectionStringBuilder(Administration) { InitialCatalog = database, Pooling = true, MaxPoolSize = 20 }.ConnectionString;

    // As the portal's own first start leaves it: readers do not wait for writers.
    public override async Task CreateAsync(string database, string? template = null)
    {
        await ExecuteAsync($"CREATE DATABASE [{database}]");
        await TryAsync($"ALTER DATABASE [{database}] SET READ_COMMITTED_SNAPSHOT ON");
    }

    public override async Task DropAsync(string database)
    {
        await using (var pooled = new SqlConnection(ConnectionTo(database)))
            SqlConnection.ClearPool(pooled);
        await TryAsync($"ALTER DATABASE [{database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE");
        await ExecuteAsync($"DROP DATABASE IF EXISTS [{database}]");
    }

    protected override DbConnection Connect(string connectionString) => new SqlConnection(connectionString);

    /// <summary>Servers that only speak the protocol refuse this statement and can do without.</summary>
    private async Task TryAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql);
        }
        catch (SqlException exception)
        {
            Console.Error.WriteLine($"Skipped on this server: {sql}: {exception.Message}");
        }
    }
}
