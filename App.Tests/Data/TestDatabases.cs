using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Tests.Data;

/// <summary>Contexts on one test database, as the portal makes them.</summary>
public sealed class TestDatabases(string connectionString, params IInterceptor[] interceptors) : IDbContextFactory<AppDbContext>
{
    /// <summary>What the server of this run does its own way.</summary>
    public static IDatabaseDialect Dialect { get; } = DataSetup.DialectOf(TestServer.Provider);

    public AppDbContext CreateDbContext() => TestServer.Provider == DatabaseProvider.Postgres
        ? new PostgresDbContext(Options<PostgresDbContext>())
        : new SqlServerDbContext(Options<SqlServerDbContext>());

    private DbContextOptions<TContext> Options<TContext>() where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UseServer(TestServer.Provider, connectionString)
            .AddInterceptors(new AuditInterceptor(TimeProvider.System, new NodeInfo("test", Guid.NewGuid(), DateTimeOffset.UtcNow)))
            .AddInterceptors(interceptors);
        return options.Options;
    }
}
