using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>One named value of a document: its date, total, invoice number, ... A person's value is never written over by an extraction.</summary>
public sealed class DocumentField : IAudited
{
    public const int NameLength = 60;
    public const int ValueLength = 400;

    public Guid DocumentId { get; set; }

    /// <summary>date, total, currency, invoice, vat, iban, sender, ..., or the name of an own rule.</summary>
    public required string Name { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>In one form, as <see cref="EntityMention.Value"/>; empty: a person says that there is none.</summary>
    public required string Value { get; set; }

    /// <summary>What the extraction found; kept beside a person's value, so that its answers can be judged. Null: nothing.</summary>
    public string? Extracted { get; set; }

    public bool ByPerson { get; set; }

    /// <summary>0 to 1.</summary>
    public double Confidence { get; set; }

    /// <summary>Where it stands; null: given by a person.</summary>
    public int? Page { get; set; }

    public int? Start { get; set; }

    public int? Length { get; set; }
}
