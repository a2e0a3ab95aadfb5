using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

public sealed class ChainAnchorTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 16, 0, 0, TimeSpan.Zero);

    private readonly ChainSigner _signer = SignerOf(1);

    [Fact]
    public void Anchor_WrittenAndRead_IsGenuine()
    {
        var anchor = _signer.Sign(new ChainPoint(12, ChainBytes.Hash([], ChainBytesTests.Example)), At);

        var read = ChainAnchor.Parse(anchor.ToString() + "\n").ShouldNotBeNull();

        _signer.IsGenuine(read).ShouldBeTrue();
        (read.Head.Sequence, read.At).ShouldBe((12, At));
        SignerOf(2).IsGenuine(read).ShouldBeFalse("another installation signed it");
    }

    [Fact]
    public void Anchor_AnyCharacterChanged_IsNotGenuine()
    {
        var text = _signer.Sign(new ChainPoint(12, ChainBytes.Hash([], ChainBytesTests.Example)), At).ToString();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == '1' ? '2' : '1') + text[(i + 1)..];
            (ChainAnchor.Parse(changed) is { } read && _signer.IsGenuine(read)).ShouldBeFalse($"character {i}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1 1 ab 2 cd")]
    [InlineData("v2 1 2 3 4")]
    [InlineData("v1 -1 x 99999999999999999 y")]
    public void Parse_SomethingElse_IsNothing(string? text) => ChainAnchor.Parse(text).ShouldBeNull();

    [Fact]
    public void Cut_AnyColumnChanged_IsNotGenuine()
    {
        var cut = new AuditCut { At = At, LastSequence = 5, LastHash = new byte[32], Rows = 5, Signature = [] };
        _signer.Sign(cut);

        _signer.IsGenuine(cut).ShouldBeTrue();
        _signer.IsGenuine(Copy(c => c.Rows++)).ShouldBeFalse();
        _signer.IsGenuine(Copy(c => c.LastSequence++)).ShouldBeFalse();
        _signer.IsGenuine(Copy(c => c.At = c.At.AddTicks(1))).ShouldBeFalse();
        _signer.IsGenuine(Copy(c => c.LastHash = [1, .. new byte[31]])).ShouldBeFalse();
        _signer.IsGenuine(Copy(c => c.Signature = [])).ShouldBeFalse();

        AuditCut Copy(Action<AuditCut> change)
        {
            var copy = new AuditCut { At = cut.At, LastSequence = cut.LastSequence, LastHash = cut.LastHash, Rows = cut.Rows, Signature = cut.Signature };
            change(copy);
            return copy;
        }
    }

    private static ChainSigner SignerOf(byte number)
    {
        var key = new RootKey();
        key.Load([.. Enumerable.Repeat(number, RootKey.Length)]);
        return new ChainSigner(key);
    }
}
