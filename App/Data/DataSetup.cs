using BlazorAdmin.Features.Audit;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Data;

public static class DataSetup
{
    /// <summary>Registers the database: contexts by factory only, one for each operation.</summary>
    /// <param name="connectionString">Asked when the first context is made: an embedded server starts after the slices are registered.</param>
    public static Portal AddData(this Portal portal, DatabaseProvider provider, Func<string> connectionString)
    {
        portal.Services.Configure<IdentityOptions>(AppDbContext.UseSchema);
        portal.Services.AddSingleton<AuditInterceptor>();
        portal.Services.AddSingleton<IInterceptor, CommitInterceptor>();
        if (provider == DatabaseProvider.Postgres)
        {
            portal.Services.AddSingleton<IDatabaseDialect, PostgresDialect>();
            portal.Services.AddDbContextFactory<PostgresDbContext>((services, options) => Configure(services, options.UseNpgsql(connectionString())));
            portal.Services.AddSingleton<IDbContextFactory<AppDbContext>, FactoryOf<PostgresDbContext>>();
        }
        else
        {
            portal.Services.AddSingleton<IDatabaseDialect, SqlServerDialect>();
            portal.Services.AddDbContextFactory<SqlServerDbContext>((services, options) => Configure(services, options.UseSqlServer(connectionString())));
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

    private static void Configure(IServiceProvider services, DbContextOptionsBuilder options)
    {
        options.AddInterceptors(services.GetRequiredService<AuditInterceptor>());
        options.AddInterceptors(services.GetServices<IInterceptor>());
        // Counting up to a limit takes any rows; an order would only cost time.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
    }

    private sealed class FactoryOf<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<AppDbContext> where TContext : AppDbContext
    {
        public AppDbContext CreateDbContext() => factory.CreateDbContext();
    }
}
