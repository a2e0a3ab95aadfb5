using System.Text;
using BlazorAdmin.Features.Account.Factors;

namespace BlazorAdmin.Tests.Features.Account.Factors;

public sealed class TotpTests
{
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);

    /// <summary>Appendix B of RFC 6238, SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1_111_111_109, "07081804")]
    [InlineData(1_111_111_111, "14050471")]
    [InlineData(1_234_567_890, "89005924")]
    [InlineData(2_000_000_000, "69279037")]
    [InlineData(20_000_000_000, "65353130")]
    public void CodeAt_VectorsOfTheRfc_AreMet(long seconds, string expected)
    {
        var step = Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds));

        Totp.CodeAt(Seed, step, digits: 8).ShouldBe(expected);
        Totp.CodeAt(Seed, step).ShouldBe(expected[2..]);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Match_StepBesideNow_CountsWithinOne(int offset, bool counts)
    {
        var step = Totp.StepOf(Now) + offset;

        Totp.Match(Seed, Totp.CodeAt(Seed, step), Now, null).ShouldBe(counts ? step : null);
    }

    [Fact]
    public void Match_StepNotAfterTheLast_DoesNotCount()
    {
        var step = Totp.StepOf(Now);

        Totp.Match(Seed, Totp.CodeAt(Seed, step), Now, step).ShouldBeNull("used");
        Totp.Match(Seed, Totp.CodeAt(Seed, step - 1), Now, step).ShouldBeNull("older than the one used");
        Totp.Match(Seed, Totp.CodeAt(Seed, step + 1), Now, step).ShouldBe(step + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("１２３４５６")]
    [InlineData("abcdef")]
    public void Match_NoSixDigits_IsNoCode(string typed) => Totp.Match(Seed, typed, Now, null).ShouldBeNull();

    /// <summary>Section 10 of RFC 4648, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_VectorsOfTheRfc_GoBothWays(string plain, string encoded)
    {
        Base32.Encode(Encoding.ASCII.GetBytes(plain)).ShouldBe(encoded);
        Encoding.ASCII.GetString(Base32.Decode(encoded)).ShouldBe(plain);
    }

    [Fact]
    public void Base32_RandomSeed_ComesBack()
    {
        var seed = Totp.NewSeed();

        seed.Length.ShouldBe(Totp.SeedLength);
        Base32.Decode(Base32.Encode(seed).ToLowerInvariant()).ShouldBe(seed);
        Should.Throw<FormatException>(() => Base32.Decode("ABC1"));
    }

    [Fact]
    public void Uri_AccountWithSpecialSigns_IsEscaped() =>
        Totp.UriOf("BlazorAdmin", "a+b@example.org", "ABC").ShouldBe("otpauth://totp/BlazorAdmin:a%2Bb%40example.org?secret=ABC&issuer=BlazorAdmin");

    [Fact]
    public void QrCode_AnyText_HasItsThreeFinders()
    {
        var code = QrCode.Of(Totp.UriOf("BlazorAdmin", "somebody@example.org", Base32.Encode(Totp.NewSeed())));

        // Four modules of quiet zone, then the seven of a finder's upper edge: left above, right above, left below.
        code.Path.ShouldStartWith("M4 4h7v1h-7z");
        code.Path.ShouldContain($"M{code.Size - 11} 4h7v1h-7z");
        code.Path.ShouldContain($"M4 {code.Size - 5}h7v1h-7z");
        ((code.Size - 8 - 17) % 4).ShouldBe(0, "a QR code has 17 + 4 x version modules");
    }
}
