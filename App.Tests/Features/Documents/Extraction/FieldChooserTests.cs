using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class FieldChooserTests
{
    private const string Invoice = """
        Muster & Söhne GmbH
        Musterstraße 12
        53111 Bonn
        Tel. 0228 123456

        Rechnung Nr. RE-2024-17
        Lieferdatum: 01.03.2024
        Rechnungsdatum: 05.03.2024
        zahlbar bis 19.03.2024

        Zwischensumme          100,00 €
        MwSt. 19 %              19,00 €
        Gesamtbetrag           119,00 €

        IBAN DE89 3704 0044 0532 0130 00
        USt-IdNr. DE136695976
        """;

    [Fact]
    public void Choose_GermanInvoice_FillsEachField()
    {
        var fields = Finding.Fields(Invoice);

        fields[FieldNames.Date].ShouldBe("2024-03-05");
        fields[FieldNames.Total].ShouldBe("119.00 EUR");
        fields[FieldNames.Currency].ShouldBe("EUR");
        fields[FieldNames.Invoice].ShouldBe("RE-2024-17");
        fields[FieldNames.Iban].ShouldBe("DE89370400440532013000");
        fields[FieldNames.Vat].ShouldBe("DE136695976");
        fields[FieldNames.Sender].ShouldBe("Muster & Söhne GmbH");
        fields[FieldNames.Address].ShouldBe("Musterstraße 12 53111 Bonn");
    }

    [Theory]
    [InlineData("Sub Total 10.00\nTotal 11.00\nCash 20.00\nChange 9.00", "11.00")]
    [InlineData("Total 28.31\nRounding Adj -0.01\nTotal 28.30\nCash 50.00", "28.30")]
    [InlineData("TOTAL\n75.70\nCASH 100.00", "75.70")]
    [InlineData("Total Amount: 98.20\nCASH 8.20\nChange 0.00", "8.20")]
    [InlineData("Total (incl GST) 70.30\nTOTAL INCLUDES 6% GST 3.98", "70.30")]
    [InlineData("Zu zahlen 12,50\nSumme 11,00", "12.50")]
    [InlineData("T0TAL 5.90", "5.90")]
    [InlineData("Kaffee 2,50\nKuchen 3,20", "3.20")]
    [InlineData("Total Qty 3\nGrand Total RM 7.00\nTotal GST 0.40", "7.00 MYR")]
    public void Total_ByLabel_IsTheOneToBePaid(string text, string expected) => Finding.Fields(text)[FieldNames.Total].ShouldBe(expected);

    [Fact]
    public void Choose_RejectedMention_IsLeftOut()
    {
        var page = new EntityPage(1, "am 01.02.2024 und am 05.03.2024");
        var first = Finding.In(page.Text)[0];

        var result = ExtractStep.Extract(new ExtractInput([page], [], [new JudgedEntity(first, false)]), CancellationToken.None);

        result.Mentions.Select(one => one.Value).ShouldBe(["2024-03-05"]);
        result.Fields.Single(field => field.Name == FieldNames.Date).Value.ShouldBe("2024-03-05");
    }

    [Fact]
    public void Choose_OwnRuleThatIsAField_TakesItsFirstMention()
    {
        var rule = Finding.Pattern(@"PRJ-\d+", "Projekt") with { IsField = true };

        var fields = ExtractStep.Extract(new ExtractInput([new EntityPage(1, "PRJ-7 vor PRJ-8")], [rule], []), CancellationToken.None).Fields;

        fields.Single(field => field.Name == "Projekt").Value.ShouldBe("PRJ-7");
    }
}
