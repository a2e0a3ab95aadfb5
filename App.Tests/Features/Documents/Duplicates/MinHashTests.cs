using BlazorAdmin.Features.Documents.Duplicates;

namespace BlazorAdmin.Tests.Features.Documents.Duplicates;

public sealed class MinHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(1)]
    public void Similarity_OfChangedTexts_EstimatesTheJaccardIndex(double changed)
    {
        var random = new Random(7);
        var errors = new List<double>();
        for (var run = 0; run < 30; run++)
        {
            var one = Words(random, 400);
            var from = (int)(one.Length * (1 - changed));
            string[] other = [.. one[..from], .. Words(random, one.Length - from)];
            errors.Add(MinHash.Similarity(MinHash.Of([string.Join(' ', one)])!, MinHash.Of([string.Join(' ', other)])!) - Jaccard(one, other));
        }

        Math.Abs(errors.Average()).ShouldBeLessThan(0.03);
        errors.Max(Math.Abs).ShouldBeLessThan(0.18);
    }

    [Fact]
    public void Bands_OfTextsThatAreNearlyTheSame_ShareOneAlmostAlways()
    {
        var random = new Random(11);
        var (near, far) = (0, 0);
        for (var run = 0; run < 200; run++)
        {
            var one = Words(random, 300);
            // 7 % of the end are other words: the shingles have about 0.87 in common.
            near += Share(one, [.. one[..279], .. Words(random, 21)]);
            far += Share(one, [.. one[..120], .. Words(random, 180)]);
        }

        near.ShouldBeGreaterThan(190);
        far.ShouldBeLessThan(20);
    }

    [Fact]
    public void Of_ShortText_HasNoSketch() => MinHash.Of(["only a few words"]).ShouldBeNull();

    [Fact]
    public void Of_CasePunctuationAndPages_DoNotMatter()
    {
        var words = Words(new Random(3), 60);

        MinHash.Of([string.Join(", ", words).ToUpperInvariant()]).ShouldBe(MinHash.Of([string.Join(' ', words[..30]), string.Join('\n', words[30..])]));
    }

    [Fact]
    public void Of_ATextOfLongAgo_IsTheSameForEver() =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MinHash.Of([string.Join(' ', Enumerable.Range(1, 50))])!)).ShouldStartWith("0f68d21e2b23fbe9");

    private static int Share(string[] one, string[] other) =>
        MinHash.BandsOf(MinHash.Of([string.Join(' ', one)])!).Zip(MinHash.BandsOf(MinHash.Of([string.Join(' ', other)])!)).Any(pair => pair.First == pair.Second) ? 1 : 0;

    private static double Jaccard(string[] one, string[] other)
    {
        var (a, b) = (Shingles(one), Shingles(other));
        return (double)a.Intersect(b).Count() / a.Union(b).Count();
    }

    private static HashSet<string> Shingles(string[] words) => [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words[i..(i + 3)]))];

    private static string[] Words(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => "w" + random.Next(100_000))];
}
