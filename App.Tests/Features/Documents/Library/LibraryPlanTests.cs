using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Searching;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Documents.Library;

/// <summary>With very many documents a page of the list and a search read indexes, whoever asks and whatever collections are closed to them.</summary>
public sealed class LibraryPlanTests(PlannedDocuments documents) : IClassFixture<PlannedDocuments>, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(DocumentScope.All, "")]
    [InlineData(DocumentScope.All, "sort=name")]
    [InlineData(DocumentScope.All, "sort=-size")]
    [InlineData(DocumentScope.All, "sort=-quality")]
    [InlineData(DocumentScope.All, "q=w1234")]
    [InlineData(DocumentScope.All, "collection=00000000-0000-0000-0000-000000000c05")]
    [InlineData(DocumentScope.Own, "")]
    [InlineData(DocumentScope.Own, "q=w1234")]
    [InlineData(DocumentScope.Shared, "")]
    public async Task FirstPage_OfManyDocuments_ReadsIndexes(DocumentScope scope, string text)
    {
        var plans = new QueryPlans();
        var databases = new TestDatabases(documents.ConnectionString, plans);
        string[] permissions = scope == DocumentScope.All ? DocumentsBench.Editor : DocumentsBench.Member;
        var caller = new Caller(PlannedDocuments.Person, null, "P", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet());
        var query = ListQuery.Parse(text, DocumentLists.Defaults);
        await using var db = databases.CreateDbContext();

        // The page itself: what the list counts beside it stops at its limit.
        var rows = await Keyset<Document>.Create(d => d.Id, "created", descending: true).By("created", d => d.CreatedAt).By("name", d => d.Name).By("size", d => d.Size).By("quality", d => d.Quality)
            .Page(db, DocumentMatching.Of(db, caller, scope, query), query, DocumentLibrary.Row(db), default);

        rows.Rows.ShouldNotBeEmpty();
        (await plans.ScansAsync(databases, "Documents", "DocumentPages", "DocumentTags")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Retention_OfManyDocuments_ReadsIndexes()
    {
        var plans = new QueryPlans();
        var databases = new TestDatabases(documents.ConnectionString, plans);
        var caller = new Caller(PlannedDocuments.Person, null, "P", AppDbContext.DefaultTenant, null, DocumentsBench.Editor.ToFrozenSet());
        var now = DateTimeOffset.UtcNow;
        await using var db = databases.CreateDbContext();

        (await Retention.ByRule(db, db.Visible(caller), new Guid("00000000-0000-0000-0000-000000000c05"), 10, now).CountAsync()).ShouldBeGreaterThan(100);
        (await Retention.ByDate(db, db.Visible(caller), now).CountAsync()).ShouldBe(0);

        (await plans.ScansAsync(databases, "Documents")).ShouldBeEmpty();
    }
}

/// <summary>A database with 40,000 documents of two hundred people in forty collections, half of those restricted.</summary>
public sealed class PlannedDocuments : IAsyncLifetime
{
    public static readonly Guid Person = new("00000000-0000-0000-0000-000000000a07");

    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using var db = new TestDatabases(ConnectionString).CreateDbContext();
        using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn())
        {
            db.AddRange(Enumerable.Range(0, 200).Select(i => new User
            {
                Id = new Guid($"00000000-0000-0000-0000-000000000a{i:x2}"), TenantId = AppDbContext.DefaultTenant, UserName = $"u{i}", NormalizedUserName = $"U{i}", DisplayName = $"Person {i}",
            }));
            await db.SaveChangesAsync();
        }
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "Collections" ("Id", "TenantId", "Name", "NormalizedName", "IsRestricted", "CreatedAt", "Version")
            SELECT ('00000000-0000-0000-0000-000000000c' || lpad(to_hex(i), 2, '0'))::uuid, '00000000-0000-0000-0000-000000000001', 'C' || i, 'c' || i, i % 2 = 0, now(), 1 FROM generate_series(0, 39) i;
            INSERT INTO "CollectionGrants" ("Id", "CollectionId", "TenantId", "UserId", "Right")
            VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000c02', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000a07', 'Read');
            INSERT INTO "Documents" ("Id", "TenantId", "OwnerId", "CollectionId", "Origin", "SeriesId", "Edition", "IsLatest", "Node", "Name", "Sha256", "Size", "State", "Revision", "Progress", "Warnings", "Characters", "Quality", "Findings", "CreatedAt", "Version")
            SELECT d.id, '00000000-0000-0000-0000-000000000001', ('00000000-0000-0000-0000-000000000a' || lpad(to_hex(i % 200), 2, '0'))::uuid,
              CASE WHEN i % 3 > 0 THEN ('00000000-0000-0000-0000-000000000c' || lpad(to_hex(i % 40), 2, '0'))::uuid END, 'Upload', d.id, 1, true, 'n', 'Report ' || i || '.txt', md5(i::text), i * 7 % 100000, 'Ready', 0, 100, 0, 20,
              i % 100, 0, now() - (40000 - i) * interval '1 minute', 1
            FROM generate_series(1, 40000) i CROSS JOIN LATERAL (SELECT ('00000000-0000-0000-0001-' || lpad(to_hex(i), 12, '0'))::uuid AS id) d;
            INSERT INTO "DocumentPages" ("DocumentId", "Number", "TenantId", "Text", "Origin")
            SELECT "Id", 1, "TenantId", 'The page of w' || row_number() OVER (ORDER BY "CreatedAt"), 'File' FROM "Documents";
            INSERT INTO "DocumentPages" ("DocumentId", "Number", "TenantId", "Text", "Origin")
            SELECT "Id", 2, "TenantId", 'And w1234', 'File' FROM "Documents" WHERE "OwnerId" = '00000000-0000-0000-0000-000000000a07' LIMIT 3;
            ANALYZE;
            """);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }
}
