using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Tests.Data;

public sealed class DatabaseFixtureTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task CreateAsync_BesideTheClassDatabase_IsEmptyAndSeparate()
    {
        await using var other = await TestDatabase.CreateAsync(empty: true);
        await using (var db = new TestDatabases(fixture.ConnectionString).CreateDbContext())
            await db.Database.ExecuteSqlRawAsync("CREATE TABLE mine (id int)");

        (await TablesAsync(fixture.ConnectionString)).ShouldContain("mine");
        (await TablesAsync(fixture.ConnectionString)).ShouldContain("Jobs");
        (await TablesAsync(other.ConnectionString)).ShouldBeEmpty();
    }

    [Fact]
    public async Task DisposeAsync_OpenConnections_DropsTheDatabase()
    {
        var database = await TestDatabase.CreateAsync(empty: true);
        await using var held = new TestDatabases(database.ConnectionString).CreateDbContext();
        await held.Database.OpenConnectionAsync();

        await database.DisposeAsync();

        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        (await db.GetService<IRelationalDatabaseCreator>().ExistsAsync()).ShouldBeFalse();
    }

    private static async Task<List<string>> TablesAsync(string connectionString)
    {
        await using var db = new TestDatabases(connectionString).CreateDbContext();
        return await db.Database
            .SqlQueryRaw<string>("""SELECT TABLE_NAME AS "Value" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA NOT IN ('pg_catalog', 'information_schema')""")
            .ToListAsync();
    }
}
