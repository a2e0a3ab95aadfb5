namespace BlazorAdmin.Tests.Data;

/// <summary>A fresh database for one test class: <c>IClassFixture&lt;PostgresFixture&gt;</c>. The server is shared by the whole run.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString => _database?.ConnectionString ?? throw new InvalidOperationException("The fixture is not initialised.");

    /// <summary>One more database, for a test that needs its own.</summary>
    public static Task<TestDatabase> CreateDatabaseAsync(bool empty = false) => PostgresTestServer.CreateDatabaseAsync(empty);

    public async Task InitializeAsync() => _database = await CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
