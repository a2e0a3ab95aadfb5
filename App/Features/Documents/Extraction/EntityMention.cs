using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>An entity named in the text of a page, with its position. What people said of it survives another extraction.</summary>
public sealed class EntityMention : IAudited
{
    public const int KindLength = 60;

    public Guid Id { get; set; }

    public Guid DocumentId { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>date, amount, iban, vat, invoice, email, phone, person, organisation, place, or the name of an own rule.</summary>
    public required string Kind { get; set; }

    /// <summary>Page, from 1.</summary>
    public int Page { get; set; }

    /// <summary>Offset in the page's text, in UTF-16 units, from 0.</summary>
    public int Start { get; set; }

    /// <summary>In UTF-16 units.</summary>
    public int Length { get; set; }

    /// <summary>As it stands in the text.</summary>
    public required string Text { get; set; }

    /// <summary>In one form: dates as yyyy-MM-dd, amounts as 1234.56 EUR, IBAN without spaces.</summary>
    public required string Value { get; set; }

    /// <summary>0 to 1.</summary>
    public double Confidence { get; set; }

    /// <summary>The own pattern or dictionary that found it; null: a rule of the portal, or a person.</summary>
    public Guid? RuleId { get; set; }

    public MentionState State { get; set; }
}
