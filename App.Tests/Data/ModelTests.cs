using BlazorAdmin.Data;
using BlazorAdmin.Shell;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace BlazorAdmin.Tests.Data;

/// <summary>What both databases must agree on, and what SQL Server alone refuses; no server is needed.</summary>
public sealed class ModelTests
{
    public static TheoryData<DatabaseProvider> Providers => [DatabaseProvider.Postgres, DatabaseProvider.SqlServer];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Migrations_ComparedWithModel_HaveNothingPending(DatabaseProvider provider)
    {
        using var db = Create(provider);

        db.Database.HasPendingModelChanges().ShouldBeFalse("Add a migration for both providers (docs/development.md).");
    }

    [Fact]
    public void StoredEnums_ComparedWithModel_AreAllNamed()
    {
        using var db = Create(DatabaseProvider.Postgres);

        var stored = Tables(db).SelectMany(t => t.GetProperties()).Select(p => Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType).Where(t => t.IsEnum);

        StoredEnums.Types.Select(t => t.FullName).Order(StringComparer.Ordinal).ShouldBe(stored.Select(t => t.FullName).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SqlServerModel_CascadePaths_AreSingle()
    {
        using var db = Create(DatabaseProvider.SqlServer);

        foreach (var root in Tables(db))
        {
            var paths = new Dictionary<IEntityType, int>();
            Count(root, paths);
            paths.Where(p => p.Value > 1).Select(p => $"{root.DisplayName()} reaches {p.Key.DisplayName()} {p.Value} times").ShouldBeEmpty();
        }

        static void Count(IEntityType from, Dictionary<IEntityType, int> paths)
        {
            foreach (var key in from.GetReferencingForeignKeys().Where(k => k.DeleteBehavior is DeleteBehavior.Cascade or DeleteBehavior.SetNull && !k.IsOwnership))
            {
                paths[key.DeclaringEntityType] = paths.GetValueOrDefault(key.DeclaringEntityType) + 1;
                if (key.DeclaringEntityType != from) Count(key.DeclaringEntityType, paths);
            }
        }
    }

    [Fact]
    public void SqlServerModel_IndexKeys_AreBoundedAndSmall()
    {
        using var db = Create(DatabaseProvider.SqlServer);
        var problems = new List<string>();
        foreach (var entity in Tables(db))
        {
            var keys = entity.GetIndexes().Select(i => (Name: i.GetDatabaseName() ?? "?", i.Properties, Limit: 1700))
                .Concat(entity.GetKeys().Select(k => (Name: k.GetName() ?? "?", k.Properties, Limit: k.IsClustered() ?? k.IsPrimaryKey() ? 900 : 1700)));
            foreach (var (name, properties, limit) in keys)
            {
                var bytes = 0;
                foreach (var property in properties)
                {
                    var size = Bytes(property);
                    if (size is null) problems.Add($"{entity.GetTableName()}.{name}: {property.Name} has no length");
                    else bytes += size.Value;
                }

                if (bytes > limit) problems.Add($"{entity.GetTableName()}.{name}: {bytes} bytes, the limit is {limit}");
            }
        }

        problems.ShouldBeEmpty();

        static int? Bytes(IProperty property)
        {
            var type = property.GetColumnType();
            if (!type.Contains("char", StringComparison.Ordinal) && !type.Contains("binary", StringComparison.Ordinal)) return 16;
            if (type.Contains("max", StringComparison.Ordinal)) return null;
            var length = int.Parse(type[(type.IndexOf('(') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture);
            return type.StartsWith('n') ? length * 2 : length;
        }
    }

    [Fact]
    public void SqlParameter_WithoutType_InfersIt() =>
        // Loads an assembly that partial mirrors lack; without our stand-in every insert on SQL Server would fail.
        new SqlParameter("@a", 1).SqlDbType.ShouldBe(System.Data.SqlDbType.Int);

    private static AppDbContext Create(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Postgres => new PostgresDesignTimeFactory().CreateDbContext([]),
        _ => new SqlServerDesignTimeFactory().CreateDbContext([]),
    };

    // The model that migrations are made from keeps what the running one drops.
    private static IEnumerable<IEntityType> Tables(AppDbContext db) =>
        db.GetService<IDesignTimeModel>().Model.GetEntityTypes().Where(e => !e.IsOwned() && e.GetTableName() is not null);
}
