using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace BlazorAdmin.Data;

/// <summary>
/// The portal's one model. Slices bring their entities by <see cref="IEntityTypeConfiguration{TEntity}"/>;
/// the two provider contexts below it only carry their own migrations.
/// </summary>
public abstract class AppDbContext(DbContextOptions options) : IdentityDbContext<User, Role, Guid>(options)
{
    /// <summary>The tenant that everything belongs to until an installation has several.</summary>
    public static readonly Guid DefaultTenant = new("00000000-0000-0000-0000-000000000001");

    // Identity asks the application's services which tables it should have; tools and tests bring no application.
    private static readonly ServiceProvider SchemaServices = new ServiceCollection().Configure<IdentityOptions>(UseSchema).BuildServiceProvider();

    /// <summary>Identity's tables with passkeys; the application registers the same.</summary>
    public static void UseSchema(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    protected override void OnConfiguring(DbContextOptionsBuilder options)
    {
        if (options.Options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider is null)
            options.UseApplicationServiceProvider(SchemaServices);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32).AreUnicode(false);
        configuration.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
        ServerClock.Apply(builder, Database);
    }
}

/// <summary>PostgreSQL: embedded or the organisation's own.</summary>
public sealed class PostgresDbContext(DbContextOptions<PostgresDbContext> options) : AppDbContext(options);

/// <summary>SQL Server.</summary>
public sealed class SqlServerDbContext(DbContextOptions<SqlServerDbContext> options) : AppDbContext(options);
