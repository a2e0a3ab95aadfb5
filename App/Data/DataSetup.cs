using BlazorAdmin.Features.Audit;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;

namespace BlazorAdmin.Data;

public static class DataSetup
{
    /// <summary>Registers the database: contexts by factory only, one for each operation, out of a pool: a new one costs as much as a small query.</summary>
    /// <param name="connectionString">Asked when the first context is made: an embedded server starts after the slices are registered.</param>
    /// <param name="model">From <see cref="BuildModelAsync"/>; the first context waits for it.</param>
    public static Portal AddData(this Portal portal, DatabaseProvider provider, Func<string> connectionString, Task<IModel> model)
    {
        portal.Services.Configure<IdentityOptions>(AppDbContext.UseSchema);
        portal.Services.AddSingleton<AuditInterceptor>();
        portal.Services.AddSingleton<IInterceptor, CommitInterceptor>();
        portal.Services.AddSingleton(DialectOf(provider));
        if (provider == DatabaseProvider.Postgres)
        {
            portal.Services.AddPooledDbContextFactory<PostgresDbContext>((services, options) => Configure(services, options.UseServer(provider, connectionString()), model));
            portal.Services.AddSingleton<IDbContextFactory<AppDbContext>, FactoryOf<PostgresDbContext>>();
        }
        else
        {
            portal.Services.AddPooledDbContextFactory<SqlServerDbContext>((services, options) => Configure(services, options.UseServer(provider, connectionString()), model));
            portal.Services.AddSingleton<IDbContextFactory<AppDbContext>, FactoryOf<SqlServerDbContext>>();
        }

        // Identity's stores want a context of the scope; slices use the factory.
        portal.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext());
        portal.Services.AddSingleton<DatabaseState>();
        portal.Services.AddSingleton<ISeed, FileStoreSeed>();
        portal.Services.AddSingleton<DatabaseMigrator>();
        // First of the hosted services: nothing else starts before the schema is right.
        portal.Services.AddSingleton<DatabaseStartup>();
        portal.Services.AddHostedService(services => services.GetRequiredService<DatabaseStartup>());
        portal.Verb<MigrateVerb>("migrate", "Brings the database to this version and ends.");
        portal.Health<DatabaseHealthCheck>("database");
        return portal;
    }

    /// <summary>
    /// Builds the model, a large part of the work of a start, beside everything that comes before the first query:
    /// configuration, services, the embedded server.
    /// </summary>
    public static Task<IModel> BuildModelAsync(DatabaseProvider provider) => Task.Run(() =>
    {
        using AppDbContext db = provider == DatabaseProvider.Postgres ? new PostgresDesignTimeFactory().CreateDbContext([]) : new SqlServerDesignTimeFactory().CreateDbContext([]);
        return db.Model;
    });

    internal static IDatabaseDialect DialectOf(DatabaseProvider provider) => provider == DatabaseProvider.Postgres ? new PostgresDialect() : new SqlServerDialect();

    internal static DbContextOptionsBuilder UseServer(this DbContextOptionsBuilder options, DatabaseProvider provider, string connectionString) =>
        provider == DatabaseProvider.Postgres ? options.UseNpgsql(connectionString) : options.UseSqlServer(connectionString);

    private static void Configure(IServiceProvider services, DbContextOptionsBuilder options, Task<IModel> model)
    {
        options.AddInterceptors(services.GetRequiredService<AuditInterceptor>());
        options.AddInterceptors(services.GetServices<IInterceptor>());
        // Counting up to a limit takes any rows; an order would only cost time.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
        options.UseModel(model.GetAwaiter().GetResult());
    }

    private sealed class FactoryOf<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<AppDbContext> where TContext : AppDbContext
    {
        public AppDbContext CreateDbContext() => factory.CreateDbContext();
    }
}
