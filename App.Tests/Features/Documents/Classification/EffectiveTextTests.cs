using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

public sealed class EffectiveTextTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Load_ManyPages_ReadsTheFirstOnes()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (many, few) = (await person.Upload("many.txt", Zips.Bytes("a")), await person.Upload("few.txt", Zips.Bytes("b")));
        await _bench.Query(async db =>
        {
            db.AddRange(Enumerable.Range(1, EffectiveText.Pages + 10).Select(number => Page(many, number, $"p{number}")));
            db.AddRange(Page(few, 1, ""), Page(few, 2, new string('x', 5_000)));
            return await db.SaveChangesAsync();
        });

        var texts = await _bench.Query(db => EffectiveText.Load(db, [many, few], 4_000, CancellationToken.None));

        texts[many].Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Enumerable.Range(1, EffectiveText.Pages).Select(number => $"p{number}"));
        texts[few].ShouldBe("\n" + new string('x', 3_999));
    }

    private static DocumentPage Page(Guid document, int number, string text) => new() { DocumentId = document, Number = number, TenantId = AppDbContext.DefaultTenant, Text = text };
}
