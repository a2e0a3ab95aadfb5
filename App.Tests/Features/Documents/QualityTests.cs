using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class QualityTests
{
    private const string German = "Sehr geehrte Damen und Herren, hiermit kündigen wir den Vertrag Nr. 4711-B zum 31.12.2026. Der Angstschweiß der Straßenbahnfahrer ist verständlich; GmbH & Co. KG, bzw. XML-Export (PDF).";
    private const string Garbage = "~|» l1!I ;;_^ xqzrtplkjhgf ]]{{ aBcDeFgH ~~°° |l|I| §§%& vbnmqwrtzp «»~^ ¢¥|~";

    public static TheoryData<string> GoodTexts =>
    [
        German,
        "The quick brown fox jumps over the lazy dog. See https://example.org/a?b=c or write to jane.doe@example.org, phone +49 30 901820.",
        "Le conseil d’administration a approuvé le procès-verbal à l’unanimité, c’est-à-dire sans réserve.",
        "Счёт на оплату № 17 от 5 мая 2026 года, всего к оплате 1 250,00 руб.",
        "Αυτό είναι ένα έγγραφο με κανονικό κείμενο στα ελληνικά.",
        "这是一个普通的文档，内容完全可以阅读。 これは普通の文書です。",
        "هذه وثيقة عادية باللغة العربية يمكن قراءتها.",
        "Rechnung 2026-001 | Menge 3 | Preis 19,99 € | Summe 59,97 € | IBAN DE02 1203 0000 0000 2020 51",
    ];

    [Theory]
    [MemberData(nameof(GoodTexts))]
    public void Of_DigitalText_IsGood(string text)
    {
        var quality = Quality.Of(Digital(text, text))!;

        quality.Score.ShouldBeGreaterThan(90, string.Join(", ", quality.Reasons));
        quality.Reasons.ShouldNotContain(reason => reason.Key == "QualityGarbage");
    }

    [Fact]
    public void Of_Garbage_IsPoorAndSaysSo()
    {
        var quality = Quality.Of(Digital(Garbage))!;

        quality.Score.ShouldBeLessThan(Quality.Fair);
        quality.Reasons[0].Key.ShouldBe("QualityGarbage");
    }

    [Fact]
    public void Of_MoreOfAFault_NeverGivesMorePoints()
    {
        Falls(garbage => Quality.Of(Digital(German + " " + string.Join(' ', Enumerable.Repeat(Garbage, garbage))))!.Score);
        Falls(empty => Quality.Of(Digital([German, .. Enumerable.Repeat("", empty)]))!.Score);
        Falls(unmapped => Quality.Of(Digital(German + new string('\uFFFD', unmapped * 3)))!.Score);
        Falls(doubt => Quality.Of(Recognised(German, 98 - doubt * 8))!.Score);
        Falls(missing => Quality.Of(Digital(German) with { Inspection = new Inspection(ContentType.Pdf, 1, 1 + missing) })!.Score);
        Falls(warnings => Quality.Of(Digital([.. Enumerable.Repeat(German, 12)]) with { Warnings = [.. Enumerable.Range(1, warnings).Select(page => new ReadWarning(page, ReadOutcome.Damaged, new ReadReason("PageDamaged")))] })!.Score);
    }

    [Fact]
    public void Of_LowConfidence_IsFairThenPoor()
    {
        Quality.Of(Recognised(German, 93))!.Score.ShouldBeGreaterThan(Quality.Good);
        Quality.Of(Recognised(German, 75))!.Score.ShouldBeInRange(Quality.Fair, Quality.Good);
        Quality.Of(Recognised(German, 40))!.Score.ShouldBeLessThan(Quality.Fair);
    }

    [Fact]
    public void Of_NothingRead_IsNothingAndWithoutTextIsZero()
    {
        Quality.Of(new Reading(ReadOutcome.Damaged, new ReadReason("PdfDamaged"), null, [], [])).ShouldBeNull();
        Quality.Of(Digital("", ""))!.Score.ShouldBe(0);
    }

    [Fact]
    public void Store_Reasons_RoundTripAndFit()
    {
        IReadOnlyList<ReadReason> reasons = [new("QualityEmptyPages", "3", "10"), new("QualityGarbage", "12")];

        var stored = QualityWords.Store(reasons)!;

        stored.ShouldBe("""[{"key":"QualityEmptyPages","arguments":["3","10"]},{"key":"QualityGarbage","arguments":["12"]}]""");
        QualityWords.Read(stored).Select(reason => reason.ToString()).ShouldBe(["QualityEmptyPages(3, 10)", "QualityGarbage(12)"]);
        QualityWords.Read(null).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Reasons_OfEveryFault_HaveWords(string culture)
    {
        using var context = new BlazorAdmin.Tests.Shell.ShellContext(culture);
        var texts = context.Services.GetRequiredService<Microsoft.Extensions.Localization.IStringLocalizer<DocumentsTexts>>();
        var source = File.ReadAllText(Path.Combine(Repository.Root, "App", "Features", "Documents", "Reading", "Quality.cs"));

        foreach (System.Text.RegularExpressions.Match key in System.Text.RegularExpressions.Regex.Matches(source, "\"(Quality\\w+)\"")) texts[key.Groups[1].Value].ResourceNotFound.ShouldBeFalse(key.Groups[1].Value);
    }

    [Theory]
    [InlineData("\uE012\uE013\uE014 \uE015\uE016 abc", true)]
    [InlineData("\uFFFD\uFFFD\uFFFD text", true)]
    [InlineData(Garbage, true)]
    [InlineData(German, false)]
    [InlineData("1 2 3 4,50 € 5.6.2026", false)]
    [InlineData("", false)]
    public void IsGarbage_PageText_TellsFontsWithoutLetters(string text, bool expected) => PageNeeds.IsGarbage(text).ShouldBe(expected);

    [Fact]
    public void Coverage_Pictures_IsAShareOfThePage()
    {
        const string list = """
            page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi size ratio
            --------------------------------------------------------------------------------------------
               1     0 image    2480  3508  gray    1   8  jpeg   no         7  0   300   300  812K 9.6%
               1     1 smask    2480  3508  gray    1   8  jpeg   no         8  0   300   300  812K 9.6%
               2     2 image     300   300  rgb     3   8  jpeg   no         9  0   300   300   12K 4.6%
            """;

        var covered = PageNeeds.Coverage(list, _ => new PdfPageSize(595, 842));

        covered[1].ShouldBe(1, 0.01);
        covered[2].ShouldBeLessThan(0.02);
    }

    [Fact]
    public void Parse_PageSizes_AreTurnedAsShown() =>
        PdfPageSize.Parse("Pages:  2\nPage    1 size:  595 x 842 pts (A4)\nPage    1 rot:   0\nPage    2 size:  595.5 x 842 pts\nPage    2 rot:   90\nFile size: 3 bytes\n")
            .ShouldBe([new PdfPageSize(595, 842), new PdfPageSize(842, 595.5)]);

    private static void Falls(Func<int, double> score)
    {
        var scores = Enumerable.Range(0, 8).Select(score).ToList();
        scores.ShouldBeInOrder(SortDirection.Descending);
        scores[^1].ShouldBeLessThan(scores[0]);
    }

    private static Reading Digital(params string[] pages) => new(
        ReadOutcome.Ready, null, new Inspection(ContentType.Pdf, 1, pages.Length), [.. pages.Select((text, i) => new PageText(i + 1, text, null, text.Length == 0 ? TextOrigin.None : TextOrigin.File, null))], []);

    private static Reading Recognised(string text, double confidence) => new(ReadOutcome.Ready, null, new Inspection(ContentType.Pdf, 1, 1), [new PageText(1, text, null, TextOrigin.Recognition, confidence)], []);

}
