using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Data;

/// <summary>Columns whose default is the time of the insert on the database's clock, the one clock that all nodes share.</summary>
public static class ServerClock
{
    private const string Mark = "ServerClock";
    private const string PostgresNow = "SELECT clock_timestamp() AS \"Value\"";
    private const string SqlServerNow = "SELECT SYSDATETIMEOFFSET() AT TIME ZONE 'UTC' AS Value";

    public static PropertyBuilder<DateTimeOffset> DefaultsToServerClock(this PropertyBuilder<DateTimeOffset> property) => property.HasAnnotation(Mark, true);

    /// <summary>The time on the database's clock.</summary>
    public static Task<DateTimeOffset> ServerNowAsync(this AppDbContext db, CancellationToken cancellation) =>
        db.Database.SqlQueryRaw<DateTimeOffset>(db.Database.IsNpgsql() ? PostgresNow : SqlServerNow).SingleAsync(cancellation);

    /// <summary>The two servers spell it differently, and an entity's configuration does not know which one it is for.</summary>
    internal static void Apply(ModelBuilder builder, DatabaseFacade database)
    {
        var clock = database.IsNpgsql() ? "now()" : "SYSDATETIMEOFFSET() AT TIME ZONE 'UTC'";
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            if (property.RemoveAnnotation(Mark) is not null)
            {
                property.SetDefaultValueSql(clock);
                property.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.OnAdd;
            }
    }
}
