namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>What is known of a VAT identification number without asking its country.</summary>
public enum VatCheck
{
    /// <summary>No country's form, or the check digits contradict.</summary>
    Invalid,

    /// <summary>A country's form; its check digits are not public or not checked here.</summary>
    FormOnly,
    Valid,
}
