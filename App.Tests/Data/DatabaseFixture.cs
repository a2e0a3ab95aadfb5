namespace BlazorAdmin.Tests.Data;

/// <summary>A fresh database for one test class: <c>IClassFixture&lt;DatabaseFixture&gt;</c>. The server is shared by the whole run.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString => _database?.ConnectionString ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
