using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Data;

/// <summary>Something that must be in the database before the portal serves: built-in roles, key check.</summary>
public interface ISeed
{
    /// <summary>Lower runs first.</summary>
    int Order => 0;

    /// <summary>Idempotent; called under the migration lock, by every process that starts.</summary>
    Task SeedAsync(AppDbContext db, CancellationToken cancellation);
}

/// <summary>Brings the schema to this version and seeds it, under a lock that several starting processes respect.</summary>
public sealed class DatabaseMigrator(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, IEnumerable<ISeed> seeds, ILogger<DatabaseMigrator> log)
{
    /// <returns>How many migrations were applied.</returns>
    /// <exception cref="StartupException">The database was made by a newer version.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await CreateDatabaseAsync(db, cancellation);
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(connection, "blazoradmin.migrate", cancellation);
        // Asking a database without this table what it holds would log an error on every first start.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellation);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        var known = db.Database.GetMigrations().ToHashSet();
        if (applied.FirstOrDefault(m => !known.Contains(m)) is { } newer)
            throw new StartupException($"The database was brought to a newer version ({newer}). Start the newer program.");
        var pending = known.Count - applied.Count;
        if (pending > 0)
        {
            DataLog.Migrating(log, pending);
            await db.Database.MigrateAsync(cancellation);
        }

        foreach (var seed in seeds.OrderBy(s => s.Order))
        {
            await seed.SeedAsync(db, cancellation);
            db.ChangeTracker.Clear();
        }

        return pending;
    }

    private static async Task CreateDatabaseAsync(AppDbContext db, CancellationToken cancellation)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancellation)) return;
        try
        {
            await creator.CreateAsync(cancellation);
        }
        catch (System.Data.Common.DbException)
        {
            // Another process may have been faster; if not, the login lacks the right and the first error says so.
            if (!await creator.ExistsAsync(cancellation)) throw;
        }
    }
}
