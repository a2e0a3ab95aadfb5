namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Fields that the portal fills by its own rules; own rules add theirs.</summary>
public static class FieldNames
{
    public const string Date = "date", Total = "total", Currency = "currency", Invoice = "invoice", Vat = "vat", Iban = "iban", Sender = "sender", Address = "address";

    public static IReadOnlyList<string> All { get; } = [Date, Total, Currency, Invoice, Vat, Iban, Sender, Address];
}
