using static BlazorAdmin.Tests.Data.EmbeddedPostgresTests;

namespace BlazorAdmin.Tests.Data;

public sealed class PostgresFixtureTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task CreateDatabaseAsync_BesideTheClassDatabase_IsEmptyAndSeparate()
    {
        await using var other = await PostgresFixture.CreateDatabaseAsync(empty: true);
        await ReadAsync(fixture.ConnectionString, "CREATE TABLE mine (id int)");

        (await ReadAsync(fixture.ConnectionString, "SELECT to_regclass('mine')::text")).ShouldBe("mine");
        (await ReadAsync(other.ConnectionString, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'")).ShouldBe("0");
    }

    [Fact]
    public async Task DisposeAsync_OpenConnections_DropsTheDatabase()
    {
        var database = await PostgresFixture.CreateDatabaseAsync(empty: true);
        await ReadAsync(database.ConnectionString, "SELECT 1");

        await database.DisposeAsync();

        (await ReadAsync(fixture.ConnectionString, $"SELECT count(*)::text FROM pg_database WHERE datname = '{database.Name}'")).ShouldBe("0");
    }
}
