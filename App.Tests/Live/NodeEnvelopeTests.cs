using System.Text;
using BlazorAdmin.Live;

namespace BlazorAdmin.Tests.Live;

public sealed class NodeEnvelopeTests
{
    private static readonly Guid Sender = Guid.NewGuid();

    [Fact]
    public void Pack_FewItems_OneEnvelopeThatReadsBack()
    {
        var packed = NodeEnvelope.Pack(Sender, gap: false, [new("a", "1"), new("b", "{\"x\":2}")]);
        var read = NodeEnvelope.Read(packed.ShouldHaveSingleItem()).ShouldNotBeNull();
        read.Sender.ShouldBe(Sender);
        read.Gap.ShouldBeFalse();
        read.Messages.Select(m => (m.Topic, m.Message.GetRawText())).ShouldBe([("a", "1"), ("b", "{\"x\":2}")]);
    }

    [Fact]
    public void Pack_ManyItems_NoEnvelopeIsTooLongAndNothingIsLost()
    {
        var items = Enumerable.Range(0, 2_000).Select(i => new NodeEnvelopeItem("topic", $"{{\"id\":{i},\"text\":\"{new string('x', i % 90)}\"}}")).ToList();
        var packed = NodeEnvelope.Pack(Sender, gap: false, items);
        packed.ShouldAllBe(p => Encoding.UTF8.GetByteCount(p) <= NodeEnvelope.MaxBytes);
        packed.SelectMany(p => NodeEnvelope.Read(p)!.Messages).Select(m => m.Message.GetRawText()).ShouldBe(items.Select(i => i.Json));
    }

    [Fact]
    public void Pack_LongestItem_FitsAnEnvelope()
    {
        var overhead = NodeEnvelope.SizeOf(new NodeEnvelopeItem("t", ""));
        var longest = new NodeEnvelopeItem("t", $"\"{new string('x', NodeEnvelope.MaxItemBytes - overhead - 2)}\"");
        NodeEnvelope.SizeOf(longest).ShouldBe(NodeEnvelope.MaxItemBytes);
        var packed = NodeEnvelope.Pack(Sender, gap: true, [new("t", "1"), longest]);
        packed.ShouldAllBe(p => p.Length <= NodeEnvelope.MaxBytes);
        packed.Sum(p => NodeEnvelope.Read(p)!.Messages.Count).ShouldBe(2);
    }

    [Fact]
    public void Pack_SameItemAgain_StandsOnce() =>
        NodeEnvelope.Read(NodeEnvelope.Pack(Sender, gap: false, [new("a", "1"), new("a", "1"), new("b", "1")])[0])!.Messages.Count.ShouldBe(2);

    [Fact]
    public void Pack_GapAlone_IsSent()
    {
        var read = NodeEnvelope.Read(NodeEnvelope.Pack(Sender, gap: true, []).ShouldHaveSingleItem()).ShouldNotBeNull();
        read.Gap.ShouldBeTrue();
        read.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"n\":\"x\",\"m\":[]}")]
    [InlineData("{\"n\":\"00000000000000000000000000000001\"}")]
    [InlineData("{\"n\":\"00000000000000000000000000000001\",\"m\":[1]}")]
    public void Read_NotOurs_Null(string payload) => NodeEnvelope.Read(payload).ShouldBeNull();
}
