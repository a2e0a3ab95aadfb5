using System.Data.Common;
using Npgsql;

namespace BlazorAdmin.Tests.Data;

public sealed class PostgresTestServer(string administration) : TestServer(new NpgsqlConnectionStringBuilder(administration) { Pooling = false }.ConnectionString)
{
    protected override string Variable => PostgresVariable;

    protected override string Product => "PostgreSQL";

    public override bool CopiesDatabases => true;

    public override string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(Administration) { Database = database, Pooling = true, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;

    public override Task CreateAsync(string database, string? template = null) => ExecuteAsync($"CREATE DATABASE \"{database}\" TEMPLATE \"{template ?? "template0"}\"");

    public override async Task DropAsync(string database)
    {
        await using (var pooled = new NpgsqlConnection(ConnectionTo(database)))
            NpgsqlConnection.ClearPool(pooled);
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)");
    }

    protected override DbConnection Connect(string connectionString) => new NpgsqlConnection(connectionString);
}
