namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Kinds of entities that the portal finds by its own rules; own rules add theirs.</summary>
public static class EntityKinds
{
    public const string Date = "date", Amount = "amount", Iban = "iban", Vat = "vat", Invoice = "invoice", Email = "email", Phone = "phone",
        Person = "person", Organisation = "organisation", Place = "place";

    public static IReadOnlyList<string> All { get; } = [Date, Amount, Iban, Vat, Invoice, Email, Phone, Person, Organisation, Place];
}
