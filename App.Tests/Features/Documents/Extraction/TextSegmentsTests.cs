using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class TextSegmentsTests
{
    [Fact]
    public void Of_OverlappingMentions_KeepTheWholeText()
    {
        const string Text = "0123456789";
        var (long_, short_, crossing) = (Mention(1, 6), Mention(2, 2), Mention(5, 4));

        var segments = TextSegments.Of(Text, [long_, short_, crossing]);

        string.Concat(segments.Select(segment => segment.Text)).ShouldBe(Text);
        segments.Select(segment => (segment.Text, segment.Mention?.Length)).ShouldBe([("0", null), ("1", 6), ("23", 2), ("4", 6), ("5678", 4), ("9", null)]);
    }

    [Fact]
    public void Of_MentionsOutsideTheText_AreLeftOut() =>
        TextSegments.Of("abc", [Mention(-1, 2), Mention(2, 5)]).ShouldHaveSingleItem().Text.ShouldBe("abc");

    [Fact]
    public void Of_RandomMentions_AlwaysGiveTheText()
    {
        var random = new Random(7);
        var text = new string([.. Enumerable.Range(0, 500).Select(_ => (char)random.Next('a', 'z'))]);
        for (var run = 0; run < 50; run++)
            string.Concat(TextSegments.Of(text, Enumerable.Range(0, 100).Select(_ => Mention(random.Next(500), random.Next(1, 60)))).Select(segment => segment.Text)).ShouldBe(text);
    }

    [Fact]
    public void Of_WordsOfASearch_AreCutOutAlsoAcrossMentions()
    {
        const string Text = "to Anna Berg in Bergen and Berg";

        var segments = TextSegments.Of(Text, [Mention(3, 9)], BlazorAdmin.Features.Documents.Snippet.Mark(Text, "\"Anna Berg\" in"));

        string.Concat(segments.SelectMany(segment => segment.Parts).Select(part => part.Text)).ShouldBe(Text);
        segments.Select(segment => string.Join('|', segment.Parts.Select(part => part.IsHit ? $"[{part.Text}]" : part.Text))).ShouldBe(["to ", "[Anna]| |[Berg]", " |[in]| Bergen and |[Berg]"]);
    }

    private static MentionView Mention(int start, int length) => new(Guid.NewGuid(), "date", start, length, "", "", 1, MentionState.Found);
}
