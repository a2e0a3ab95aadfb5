using Npgsql;

namespace BlazorAdmin.Tests.Data;

/// <summary>One database on the test server, dropped on dispose.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _administration;

    internal TestDatabase(string administration, string name)
    {
        _administration = administration;
        Name = name;
        ConnectionString = PostgresTestServer.For(administration, name);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(pooled);
        await PostgresTestServer.ExecuteAsync(_administration, $"DROP DATABASE IF EXISTS \"{Name}\" WITH (FORCE)");
    }
}
