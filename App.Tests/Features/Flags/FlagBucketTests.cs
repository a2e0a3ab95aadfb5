using System.Text;
using BlazorAdmin.Features.Flags;

namespace BlazorAdmin.Tests.Features.Flags;

public sealed class FlagBucketTests
{
    private const int People = 100_000;

    // Test vectors of MurmurHash3_x86_32, as published with its ports.
    [Theory]
    [InlineData("", 0u, 0x00000000u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("", 0xffffffffu, 0x81F16F39u)]
    [InlineData("test", 0u, 0xba6bd213u)]
    [InlineData("test", 0x9747b28cu, 0x704b81dcu)]
    [InlineData("Hello, world!", 0u, 0xc0363e43u)]
    [InlineData("Hello, world!", 0x9747b28cu, 0x24884CBAu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747b28cu, 0x2FA826CDu)]
    public void Hash_PublishedVectors_Match(string text, uint seed, uint expected) => FlagBucket.Hash(Encoding.UTF8.GetBytes(text), seed).ShouldBe(expected);

    [Fact]
    public void Of_KnownPeople_StaysTheSameOverVersions()
    {
        // Written down once: another value would give other people the feature after an update.
        FlagBucket.Of(FlagBucket.Seed("0011223344556677"), new Guid("11111111-2222-3333-4444-555555555555")).ShouldBe(33_663);
        FlagBucket.Of(FlagBucket.Seed("other"), new Guid("01890000-0000-7000-8000-0000000000ff")).ShouldBe(74_308);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(25_000)]
    [InlineData(50_000)]
    [InlineData(99_000)]
    public void Of_ManyPeople_AreSpreadWithinHalfAPercent(int thousandths)
    {
        foreach (var salt in new[] { "a", "b", "8c1f5e0d2b7a4693" })
        {
            var seed = FlagBucket.Seed(salt);
            var share = Ids().Count(id => FlagBucket.Of(seed, id) < thousandths) * 100d / People;
            share.ShouldBe(thousandths / 1000d, 0.5, $"salt {salt}");
        }
    }

    [Fact]
    public void Of_TwoSalts_ChooseIndependently()
    {
        var (one, two) = (FlagBucket.Seed("one"), FlagBucket.Seed("two"));
        var both = Ids().Count(id => FlagBucket.Of(one, id) < 20_000 && FlagBucket.Of(two, id) < 20_000) * 100d / People;
        both.ShouldBe(4, 0.5);
    }

    [Fact]
    public void Evaluate_ShareIsRaised_TakesNobodyOut()
    {
        var shares = new[] { 1, 10, 250, 1_000, 5_000, 12_345, 50_000, 99_999, 100_000 };
        var flags = shares.Select(share => FlagBench.Compile(FlagDefinition.OnOff with { Default = "off", Rules = [new FlagRule { Thousandths = share, Variant = "on" }] })).ToList();
        foreach (var id in Ids().Take(20_000))
        {
            var given = flags.ConvertAll(flag => flag.Evaluate(FlagBench.Person(id), 0).IsOn);
            given.ShouldBe(given.Order());
        }

        flags[^1].Evaluate(FlagBench.Person(Guid.NewGuid()), 0).IsOn.ShouldBeTrue();
    }

    // Sequential ids, as the portal makes them, are the hard case.
    private static IEnumerable<Guid> Ids()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < People; i++) yield return new Guid(i, (short)(start.Day + i % 7), 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)i);
    }
}
