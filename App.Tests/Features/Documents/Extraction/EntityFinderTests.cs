using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class EntityFinderTests
{
    [Theory]
    [InlineData("Datum: 12.03.2019", "2019-03-12")]
    [InlineData("am 1.2.2024 in Bonn", "2024-02-01")]
    [InlineData("am 3. 5. 2019", "2019-05-03")]
    [InlineData("vom 24.12.98", "1998-12-24")]
    [InlineData("vom 24.12.26", "2026-12-24")]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("2024-02-29T10:00:00Z", "2024-02-29")]
    [InlineData("2024/02/09 10:00", "2024-02-09")]
    [InlineData("12. März 2019", "2019-03-12")]
    [InlineData("3. Jänner 2020", "2020-01-03")]
    [InlineData("12 March 2019", "2019-03-12")]
    [InlineData("March 12, 2019", "2019-03-12")]
    [InlineData("Mar. 12th, 2019", "2019-03-12")]
    [InlineData("03 MAR 2018", "2018-03-03")]
    [InlineData("12-Jan-18", "2018-01-12")]
    [InlineData("the 1st of May 2021", "2021-05-01")]
    [InlineData("19/10/2018 20:49", "2018-10-19")]
    [InlineData("10/19/2018", "2018-10-19")]
    [InlineData("03/04/2018", "2018-04-03")]
    [InlineData("03/04/2018 and 12/31/2018", "2018-03-04", "2018-12-31")]
    [InlineData("New York, USA 03/04/2018", "2018-03-04")]
    public void Dates_GoodForms_AreFound(string text, params string[] expected) => Finding.Values(text, EntityKinds.Date).ShouldBe(expected);

    [Theory]
    [InlineData("31.02.2019")]
    [InlineData("2023-02-29")]
    [InlineData("00.01.2020")]
    [InlineData("12.13.2020")]
    [InlineData("1.2.3")]
    [InlineData("Version 1.2.2019.4")]
    [InlineData("192.168.10.12")]
    [InlineData("31 June 2020")]
    [InlineData("A1/2/2019x")]
    [InlineData("12-34-5678")]
    public void Dates_BadForms_AreNotFound(string text) => Finding.Values(text, EntityKinds.Date).ShouldBeEmpty();

    [Theory]
    [InlineData("1.234,56 €", "1234.56 EUR")]
    [InlineData("€ 1,234.56", "1234.56 EUR")]
    [InlineData("EUR 1 234 567,80", "1234567.80 EUR")]
    [InlineData("RM22.65", "22.65 MYR")]
    [InlineData("RM 60.30", "60.30 MYR")]
    [InlineData("US$ 8.20", "8.20 USD")]
    [InlineData("$8.20", "8.20 USD")]
    [InlineData("CHF 1'250.00", "1250.00 CHF")]
    [InlineData("12,- EUR", "12.00 EUR")]
    [InlineData("Summe 49,90", "49.90")]
    [InlineData("Total: 1,234.00", "1234.00")]
    [InlineData("-12,50 EUR", "-12.50 EUR")]
    [InlineData("12,50- ", "-12.50")]
    [InlineData("250 Euro", "250.00 EUR")]
    [InlineData("1.234 EUR", "1234.00 EUR")]
    [InlineData("£99.99", "99.99 GBP")]
    public void Amounts_GoodForms_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Amount).ShouldBe([expected]);

    [Theory]
    [InlineData("12.03.2019")]
    [InlineData("19,00 %")]
    [InlineData("10:30 Uhr")]
    [InlineData("12,50 kg")]
    [InlineData("Version 10.12")]
    [InlineData("1.2.3.4")]
    [InlineData("12345")]
    [InlineData("A12.50B")]
    [InlineData("1.23.45,67")]
    public void Amounts_OtherNumbers_AreNotFound(string text) => Finding.Values(text, EntityKinds.Amount).Where(value => value != "10.12").ShouldBeEmpty();

    [Theory]
    [InlineData("IBAN: DE89 3704 0044 0532 0130 00.", "DE89370400440532013000")]
    [InlineData("AT611904300234573201", "AT611904300234573201")]
    [InlineData("gb82 west 1234 5698 7654 32", "GB82WEST12345698765432")]
    [InlineData("NO93 8601 1117 947", "NO9386011117947")]
    public void Ibans_Good_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Iban).ShouldBe([expected]);

    [Theory]
    [InlineData("DE88 3704 0044 0532 0130 00")]
    [InlineData("DE89 3704 0044 0532 0130 0")]
    [InlineData("DE8937040044053201300012")]
    [InlineData("US89 3704 0044 0532 0130 00")]
    public void Ibans_Bad_AreNotFound(string text) => Finding.Values(text, EntityKinds.Iban).ShouldBeEmpty();

    [Theory]
    [InlineData("USt-IdNr.: DE136695976", "DE136695976")]
    [InlineData("DE 136 695 976", "DE136695976")]
    [InlineData("UID ATU13585627", "ATU13585627")]
    [InlineData("NL004495445B01", "NL004495445B01")]
    [InlineData("FR83404833048", "FR83404833048")]
    [InlineData("VAT ESX1234567X", "ESX1234567X")]
    public void Vat_Good_IsFound(string text, string expected) => Finding.Values(text, EntityKinds.Vat).ShouldBe([expected]);

    [Theory]
    [InlineData("DE136695977")]
    [InlineData("ATU13585628")]
    [InlineData("ESX1234567X")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    public void Vat_BadOrWithoutLabel_IsNotFound(string text) => Finding.Values(text, EntityKinds.Vat).ShouldBeEmpty();

    [Theory]
    [InlineData("Rechnungsnummer: RE-2024/0815", "RE-2024/0815")]
    [InlineData("Rechnung Nr. 4711", "4711")]
    [InlineData("Invoice No: 20180401", "20180401")]
    [InlineData("INVOICE # A-17.", "A-17")]
    [InlineData("Receipt no. CS00082", "CS00082")]
    [InlineData("Rechnungsnr.\n  R1234", "R1234")]
    public void Invoices_WithLabel_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Invoice).ShouldBe([expected]);

    [Theory]
    [InlineData("Rechnung vom 12.03.2019")]
    [InlineData("the invoice is late")]
    [InlineData("Rechnungsdatum 12.03.2019")]
    public void Invoices_OtherWords_AreNotFound(string text) => Finding.Values(text, EntityKinds.Invoice).ShouldBeEmpty();

    [Theory]
    [InlineData("mail to Anna.Muster+x@Example.co.uk.", "anna.muster+x@example.co.uk")]
    [InlineData("<info@exämple.de>", "info@exämple.de")]
    public void Emails_Good_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Email).ShouldBe([expected]);

    [Theory]
    [InlineData("user@localhost")]
    [InlineData("a@@b.de")]
    [InlineData("@example.de")]
    [InlineData("x@-a.de")]
    [InlineData("x@a.1")]
    public void Emails_Bad_AreNotFound(string text) => Finding.Values(text, EntityKinds.Email).ShouldBeEmpty();

    [Theory]
    [InlineData("Tel.: 030 / 123 45 67", "0301234567")]
    [InlineData("+49 (0)30 1234567", "+49301234567")]
    [InlineData("0049 30 1234567", "+49301234567")]
    [InlineData("Phone: (555) 123-4567", "5551234567")]
    [InlineData("Fax 03-4162 2318", "0341622318")]
    [InlineData("0171 1234567", "01711234567")]
    public void Phones_Good_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Phone).ShouldBe([expected]);

    [Theory]
    [InlineData("12.03.2019")]
    [InlineData("Tel 12")]
    [InlineData("1234567")]
    [InlineData("+49 12345678901234567890")]
    public void Phones_Bad_AreNotFound(string text) => Finding.Values(text, EntityKinds.Phone).ShouldBeEmpty();

    [Theory]
    [InlineData("bei der Muster & Söhne GmbH & Co. KG in", "Muster & Söhne GmbH & Co. KG")]
    [InlineData("UNIHAKKA INTERNATIONAL SDN BHD", "UNIHAKKA INTERNATIONAL SDN BHD")]
    [InlineData("by Example Works Ltd.", "Example Works Ltd.")]
    [InlineData("Stadtwerke Bonn AG", "Stadtwerke Bonn AG")]
    public void Organisations_WithLegalForm_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Organisation).ShouldBe([expected]);

    [Theory]
    [InlineData("eine GmbH gründen")]
    [InlineData("inc. tax")]
    public void Organisations_FormAlone_IsNone(string text) => Finding.Values(text, EntityKinds.Organisation).ShouldBeEmpty();

    [Theory]
    [InlineData("Sehr geehrter Herr Dr. Müller,", "Müller")]
    [InlineData("Frau Anna-Lena von Berg", "Anna-Lena von Berg")]
    [InlineData("Dear Mr. John Smith", "John Smith")]
    [InlineData("gezeichnet Sabine Schmidt", "Sabine Schmidt")]
    public void Persons_ByTitleOrFirstName_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Person).ShouldBe([expected]);

    [Theory]
    [InlineData("Musterstraße 12a, 53111 Bonn", "Musterstraße 12a, 53111 Bonn")]
    [InlineData("in 04109 Leipzig", "04109 Leipzig")]
    [InlineData("nach Österreich", "Österreich")]
    [InlineData("KUALA LUMPUR", "KUALA LUMPUR")]
    public void Places_ByAddressOrList_AreFound(string text, string expected) => Finding.Values(text, EntityKinds.Place).ShouldBe([expected]);

    [Fact]
    public void Places_SmallLetters_AreOtherWords() => Finding.Values("das essen und die halle, singen", EntityKinds.Place).ShouldBeEmpty();

    [Fact]
    public void Find_NumbersInsideOthers_BelongToTheStronger()
    {
        var found = Finding.In("IBAN DE89 3704 0044 0532 0130 00 bis 12.03.2019 über 1.234,56 EUR");

        found.Select(one => one.Kind).ShouldBe([EntityKinds.Iban, EntityKinds.Date, EntityKinds.Amount]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\f\n ")]
    [InlineData("\ud83d\ude00 \ud83d")]
    public void Find_TextWithoutWords_IsEmpty(string text) => Finding.In(text).ShouldBeEmpty();

    /// <summary>Whatever characters come: positions are exact, nothing overlaps, nothing throws.</summary>
    [Fact]
    public void Find_RandomText_PositionsAreExact()
    {
        var random = new Random(4711);
        string[] pieces = ["1", "2", "0", ".", ",", "-", "/", " ", "\n", "€", "EUR", "DE", "AT", "GmbH", "Herr ", "Anna", "ß", "@", "a", "Z", ":", "(", ")", "+49", "März", "\ud83d\ude00", "\u00A0", "Tel", "Rechnung", "ATU", "'", "%"];
        for (var run = 0; run < 300; run++)
        {
            var text = string.Concat(Enumerable.Range(0, 200).Select(_ => pieces[random.Next(pieces.Length)]));
            var found = Finding.In(text);
            foreach (var (one, next) in found.Zip(found.Skip(1))) one.End.ShouldBeLessThanOrEqualTo(next.Start, text);
        }
    }

    [Theory]
    [InlineData("1,234.")]
    [InlineData("Dr. Aa ")]
    [InlineData("DE12 ")]
    [InlineData("Straße 1 ")]
    [InlineData("a@")]
    [InlineData("Ab ")]
    public void Find_ManyOfTheWorstCharacters_EndsSoon(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
        // Quadratic time would take hours; the bound only has to tell the two apart on a busy machine.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        Finding.In(text).Count.ShouldBeLessThanOrEqualTo(EntityFinder.Most);

        patience.IsCancellationRequested.ShouldBeFalse();
    }
}
