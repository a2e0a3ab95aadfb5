using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Library;

/// <summary>Lists that are read in parts are one list for who reads them: in order, page by page, counted once.</summary>
public sealed class ListPartsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Shared_OfSeveralCollections_AreOneListInOrder()
    {
        var (owner, reader) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        Guid[] opened = [await Collection(reader), await Collection(reader), await Collection(reader)];
        var closed = await Collection(null);
        var ids = new List<Guid>();
        for (var i = 0; i < 9; i++) ids.Add(await Add(owner, Start.AddHours(i), opened[i % 3]));
        await Add(owner, Start.AddHours(20), closed);
        await Add(reader, Start.AddHours(21), opened[0]);

        var (read, total) = await All(reader, DocumentScope.Shared, DocumentLists.Defaults with { PageSize = 4 });

        ids.Reverse();
        read.ShouldBe(ids);
        total.ShouldBe(new ListTotal(9));
        var (found, foundTotal) = await All(reader, DocumentScope.Shared, DocumentLists.Defaults.WithSearch(".TXT") with { PageSize = 4 });
        found.ShouldBe(ids);
        foundTotal.ShouldBe(new ListTotal(9));
        (await All(reader, DocumentScope.Shared, DocumentLists.Defaults.WithFilter("collection", opened[1].ToString()))).Total.ShouldBe(new ListTotal(3));
        (await All(reader, DocumentScope.Shared, DocumentLists.Defaults.WithSort("name", false))).Read.Order().ShouldBe(ids.Order());
    }

    [Fact]
    public async Task Problem_FailedAndStopped_AreOneListInOrder()
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++) ids.Add(await Add(owner, Start.AddHours(i), null, i % 2 == 0 ? DocumentState.Problem : DocumentState.Cancelled));
        await Add(owner, Start.AddHours(9), null);

        var (read, total) = await All(owner, DocumentScope.Own, DocumentLists.Defaults.WithFilter("state", "problem") with { PageSize = 4 });

        ids.Reverse();
        read.ShouldBe(ids);
        total.ShouldBe(new ListTotal(6));
    }

    [Fact]
    public async Task Tag_OfDocumentsThatOthersHave_CountsWhatIsSeen()
    {
        var (owner, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var tag = await Tag();
        for (var i = 0; i < 3; i++) await Add(owner, Start.AddHours(i), null, tag: tag);
        await Add(other, Start, null, tag: tag);

        var (read, total) = await All(owner, DocumentScope.Own, DocumentLists.Defaults.WithFilter("tag", tag.ToString()));

        read.Count.ShouldBe(3);
        total.ShouldBe(new ListTotal(3));
        (await owner.Tags.Names(default)).ShouldContain(name => name.Id == tag);
        (await owner.Tags.List(default)).Single(row => row.Id == tag).Documents.ShouldBe(new ListTotal(3));
        (await (await _bench.Person(DocumentsBench.Member)).Tags.Names(default)).ShouldNotContain(name => name.Id == tag);
    }

    /// <summary>Every page of a list, one after the other.</summary>
    private static async Task<(IReadOnlyList<Guid> Read, ListTotal Total)> All(Person person, DocumentScope scope, ListQuery query)
    {
        var read = new List<Guid>();
        for (var page = await person.Library.List(scope, query, default); ; page = await person.Library.List(scope, query.WithCursor(page.Next), default))
        {
            read.AddRange(page.Rows.Select(row => row.Id));
            if (page.Next is null) return (read, page.Total!.Value);
        }
    }

    private async Task<Guid> Collection(Person? reader)
    {
        var id = Guid.NewGuid();
        await Save(db =>
        {
            db.Add(new Collection { Id = id, TenantId = AppDbContext.DefaultTenant, Name = $"c{id:n}", NormalizedName = $"c{id:n}", IsRestricted = true, CreatedAt = Start, Version = 1 });
            if (reader is not null) db.Add(new CollectionGrant { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, CollectionId = id, UserId = reader.Id, Right = CollectionRight.Read });
        });
        return id;
    }

    private async Task<Guid> Tag()
    {
        var id = Guid.NewGuid();
        await Save(db => db.Add(new Tag { Id = id, TenantId = AppDbContext.DefaultTenant, Name = $"t{id:n}", NormalizedName = $"t{id:n}" }));
        return id;
    }

    private async Task<Guid> Add(Person owner, DateTimeOffset at, Guid? collection, DocumentState state = DocumentState.Ready, Guid? tag = null)
    {
        var id = Guid.CreateVersion7(at);
        await Save(db =>
        {
            db.Add(new Document
            {
                Id = id, SeriesId = id, TenantId = AppDbContext.DefaultTenant, OwnerId = owner.Id, CollectionId = collection, Node = "test", Name = $"{id:n}.txt", Sha256 = $"{id:n}{id:n}", State = state, CreatedAt = at, Version = 1,
            });
            if (tag is { } one) db.Add(new DocumentTag { DocumentId = id, TagId = one, TenantId = AppDbContext.DefaultTenant });
        });
        return id;
    }

    private async Task Save(Action<AppDbContext> change)
    {
        await using var db = _bench.Databases.CreateDbContext();
        change(db);
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
    }
}
