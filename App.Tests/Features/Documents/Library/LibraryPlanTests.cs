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
    [InlineData(DocumentScope.Shared, "q=w1234")]
    [InlineData(DocumentScope.Shared, "q=report")]
    public async Task FirstPage_OfManyDocuments_ReadsIndexes(DocumentScope scope, string text)
    {
        var plans = new QueryPlans();
        var databases = new TestDatabases(documents.ConnectionString, plans);
        string[] permissions = scope == DocumentScope.All ? DocumentsBench.Editor : DocumentsBench.Member;
        var caller = new Caller(PlannedDocuments.Person, null, "P", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet());
        var query = ListQuery.Parse(text, DocumentLists.Defaults);
        await using var db = databases.CreateDbContext();
        var sight = await db.Sight(caller, default);
        var found = query.Search.Length == 0 ? null : await DocumentTextSearch.Ids(db, caller, DocumentMatching.InScope(db, caller, scope, sight), scope, query.Search, sight).ToListAsync();

        // The page itself: what the list counts beside it stops at its limit.
        var rows = await Keyset<Document>.Create(d => d.Id, "created", descending: true).By("created", d => d.CreatedAt).By("name", d => d.Name).By("size", d => d.Size).By("quality", d => d.Quality)
            .Page(db, DocumentMatching.Of(db, caller, scope, query, found, sight), query, DocumentLibrary.Row(db), default);

        if (text != "q=w1234" || scope != DocumentScope.Shared) rows.Rows.ShouldNotBeEmpty();
        (await plans.ScansAsync(databases, "Documents", "DocumentPages", "DocumentTags")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Tags_OfManyDocuments_AreThoseThatStandOnSomethingSeen()
    {
        using var bench = new DocumentsBench(documents.ConnectionString);
        var (reader, manager, member) = (
            bench.Acting(PlannedDocuments.Person, DocumentsBench.Auditor), bench.Acting(PlannedDocuments.Person, DocumentsBench.Editor), bench.Acting(PlannedDocuments.Person, DocumentsBench.Member));

        (await Names(reader)).ShouldBe(["behind", "of 2", "of 7", "of 8"]);
        (await Names(member)).ShouldBe(["of 2", "of 7"]);
        var rows = await manager.Tags.List(default);
        rows.Select(row => row.Name).ShouldBe(["behind", "of 2", "of 7", "of 8", "unused"]);
        rows[0].Documents.ShouldBe(new ListTotal(1));
        rows[1].Documents.ShouldBe(new ListTotal(1_000));
        // Every third has no collection; the others are in one that is closed.
        rows[3].Documents.ShouldBe(new ListTotal(333));
        (await member.Tags.List(default)).Select(row => row.Documents).ShouldBe([new ListTotal(667), new ListTotal(200)]);

        static async Task<IEnumerable<string>> Names(Person person) => (await person.Tags.Names(default)).Select(tag => tag.Name);
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
            INSERT INTO "Tags" ("Id", "TenantId", "Name", "NormalizedName")
            SELECT ('00000000-0000-0000-0000-0000000000' || id)::uuid, '00000000-0000-0000-0000-000000000001', name, name
            FROM (VALUES ('02', 'of 2'), ('07', 'of 7'), ('08', 'of 8'), ('b0', 'behind'), ('b1', 'hidden'), ('b2', 'unused')) AS tag(id, name);
            INSERT INTO "DocumentTags" ("DocumentId", "TagId", "TenantId")
            SELECT d.id, tag::uuid, '00000000-0000-0000-0000-000000000001'
            FROM generate_series(1, 40000) i CROSS JOIN LATERAL (SELECT ('00000000-0000-0000-0001-' || lpad(to_hex(i), 12, '0'))::uuid AS id) d
            CROSS JOIN LATERAL (
              SELECT '00000000-0000-0000-0000-00000000000' || i % 40 WHERE i % 40 IN (2, 7, 8)
              UNION ALL SELECT '00000000-0000-0000-0000-0000000000b0' WHERE (i % 40 = 4 AND i % 3 > 0 AND i < 20000) OR i = 20001
              UNION ALL SELECT '00000000-0000-0000-0000-0000000000b1' WHERE i % 40 = 4 AND i % 3 > 0) AS t(tag);
            ANALYZE;
            """);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }
}
