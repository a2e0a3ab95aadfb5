using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Images of pages: who sees them, what they are, and that the cache is no way around.</summary>
public sealed class PageImagesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Open_PageOfAPdf_IsAJpegOfTheWidthThatOnlyThoseWhoMaySeeItGet()
    {
        var (owner, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var id = await owner.Upload("a.pdf", Pdfs.Of("The first page here", "The second page here"));
        await _bench.Read(id);

        var image = (await Images(owner).Open(id, 2, 350, CancellationToken.None))!;

        var facts = ImageHeader.Read(new MemoryStream(image), ContentType.Jpeg, 1);
        facts.Width.ShouldBe(300);
        facts.Height.ShouldBeInRange(423, 426);
        (await Images(owner).Open(id, 2, 350, CancellationToken.None)).ShouldBe(image);
        (await Images(other).Open(id, 2, 350, CancellationToken.None)).ShouldBeNull();
        foreach (var number in new[] { 0, -1, 3, int.MaxValue }) (await Images(owner).Open(id, number, 350, CancellationToken.None)).ShouldBeNull();
        (await Images(owner).Open(Guid.NewGuid(), 1, 350, CancellationToken.None)).ShouldBeNull();
        var stranger = await _bench.Person();
        await Should.ThrowAsync<BlazorAdmin.Security.ForbiddenException>(() => Images(stranger).Open(id, 1, 350, CancellationToken.None));
    }

    [Fact]
    public async Task Open_Deleted_IsGoneAtOnceAndErasedWithItsImages()
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var id = await owner.Upload("a.pdf", Pdfs.Of("A page that goes " + Guid.NewGuid().ToString("n")));
        await _bench.Read(id);
        (await Images(owner).Open(id, 1, 200, CancellationToken.None)).ShouldNotBeNull();
        Files().ShouldHaveSingleItem();

        await owner.Service.Delete([id], CancellationToken.None);

        (await Images(owner).Open(id, 1, 200, CancellationToken.None)).ShouldBeNull();
        using var follower = new PageImageFollower(_bench.Databases, null!, _bench.Images, _bench.Erased, TimeProvider.System, NullLogger<PageImageFollower>.Instance);
        await _bench.Erase(id);
        Files().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Erased_ByAPersonOrWithAnAccount_ImagesGoWithTheRows(bool byHand)
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var id = await owner.Upload("a.pdf", Pdfs.Of("A page that goes " + Guid.NewGuid().ToString("n")));
        await _bench.Read(id);
        (await Images(owner).Open(id, 1, 200, CancellationToken.None)).ShouldNotBeNull();
        using var follower = new PageImageFollower(_bench.Databases, null!, _bench.Images, _bench.Erased, TimeProvider.System, NullLogger<PageImageFollower>.Instance);

        if (byHand)
        {
            await owner.Service.Delete([id], CancellationToken.None);
            (await owner.Bin.Erase([id], CancellationToken.None)).ShouldBe([id]);
        }
        else
        {
            await using var db = _bench.Databases.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await new DocumentsPersonalData(_bench.Erased).EraseAsync(db, new BlazorAdmin.Features.Account.PersonalData.PersonalErasure((await owner.Caller.GetAsync(default))!, owner.Id, null, DateTimeOffset.UtcNow), default);
            await db.SaveChangesAsync();
            Files().ShouldHaveSingleItem();
            await transaction.CommitAsync();
        }

        await Eventually.Holds(() => Files().Count == 0);
    }

    [Fact]
    public async Task Open_FileWithoutPages_HasNone()
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var id = await owner.Upload("a.txt", Zips.Bytes("Just words " + Guid.NewGuid()));
        await _bench.Read(id);

        (await Images(owner).Open(id, 1, 200, CancellationToken.None)).ShouldBeNull();
        PageImages.Has(ContentType.Docx).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_PageOfAbsurdShape_StaysWithinThePixels()
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var tall = System.Text.Encoding.Latin1.GetString(Pdfs.Of("tall")).Replace("[0 0 595 842]", "[0 0 001 900]");
        var id = await owner.Upload("tall.pdf", System.Text.Encoding.Latin1.GetBytes(tall));
        await _bench.Read(id);

        var image = await Images(owner).Open(id, 1, 2_400, CancellationToken.None);

        ImageHeader.Read(new MemoryStream(image.ShouldNotBeNull()), ContentType.Jpeg, 1).Pixels.ShouldBeLessThan(18_000_000);
    }

    [Fact]
    public async Task Searchable_OfAScan_IsDownloadedReplacedAndErased()
    {
        using var tools = await ReadingBench.Create();
        var (owner, other) = (await _bench.Person(DocumentsBench.Member), await _bench.Person(DocumentsBench.Member));
        var scan = Scans.Scan((await Scans.Page(tools, Scans.Letter)).Turn(180), $"% {Guid.NewGuid()}");
        var id = await owner.Upload("scan.pdf", scan);
        await _bench.Read(id);
        var document = await _bench.Load(id);
        document.Quality!.Value.ShouldBeGreaterThan(Quality.Fair);
        _bench.Store.Contains(document.SearchableSha256!).ShouldBeTrue();

        var content = (await owner.Library.OpenSearchable(id, CancellationToken.None))!;
        await using (content.Stream) content.Stream.Length.ShouldBe(document.SearchableSize!.Value);
        (content.Name, content.MediaType).ShouldBe(("scan.searchable.pdf", "application/pdf"));
        (await other.Library.OpenSearchable(id, CancellationToken.None)).ShouldBeNull();
        (await Images(owner).Open(id, 1, 300, CancellationToken.None)).ShouldNotBeNull();

        await owner.Service.ReadAgain([id], CancellationToken.None);
        await _bench.Read(id);
        (await _bench.Load(id)).SearchableSha256.ShouldBe(document.SearchableSha256);

        await owner.Service.Delete([id], CancellationToken.None);
        (await owner.Library.OpenSearchable(id, CancellationToken.None)).ShouldBeNull();
        File.SetLastWriteTimeUtc(_bench.Store.PathOf(document.SearchableSha256!), DateTime.UtcNow.AddHours(-2));
        await _bench.Erase(id);
        (await _bench.IsErasureOrdered(document.SearchableSha256!)).ShouldBeTrue();
        await _bench.EraseContents(document.SearchableSha256!);
        _bench.Store.Contains(document.SearchableSha256!).ShouldBeFalse();
    }

    [Fact]
    public async Task Searchable_WithoutOne_IsNotThere()
    {
        var owner = await _bench.Person(DocumentsBench.Member);
        var id = await owner.Upload("a.txt", Zips.Bytes("Words " + Guid.NewGuid()));
        await _bench.Read(id);

        (await owner.Library.OpenSearchable(id, CancellationToken.None)).ShouldBeNull();
        (await owner.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithFilter("quality", "good"), CancellationToken.None)).Rows.ShouldHaveSingleItem().Id.ShouldBe(id);
        (await owner.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithFilter("quality", "poor"), CancellationToken.None)).Rows.ShouldBeEmpty();
        (await owner.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSort("quality", true), CancellationToken.None)).Rows.ShouldHaveSingleItem();
    }

    private PageImages Images(Person person) =>
        new(person.Guard, _bench.Databases, _bench.Store, _bench.Tools, _bench.Images, _bench.Options, NullLogger<PageImages>.Instance);

    private IReadOnlyList<string> Files()
    {
        var root = Path.Combine(_bench.Data.Path, "page-images");
        return Directory.Exists(root) ? [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)] : [];
    }
}
