using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Tests.Data;

/// <summary>Every test database is a copy of one that the migrations made.</summary>
internal static class TestSchema
{
    [ModuleInitializer]
    internal static void PrepareTemplate() => PostgresTestServer.PrepareTemplate = async connection =>
    {
        await using var db = new TestDatabases(connection).CreateDbContext();
        await db.Database.MigrateAsync();
    };
}

/// <summary>Contexts on one test database, as the portal makes them.</summary>
public sealed class TestDatabases(string connectionString, params IInterceptor[] interceptors) : IDbContextFactory<AppDbContext>
{
    public AppDbContext CreateDbContext() => new PostgresDbContext(new DbContextOptionsBuilder<PostgresDbContext>()
        .UseNpgsql(connectionString)
        .AddInterceptors(new AuditInterceptor(TimeProvider.System, new NodeInfo("test", Guid.NewGuid(), DateTimeOffset.UtcNow)))
        .AddInterceptors(interceptors)
        .Options);
}
