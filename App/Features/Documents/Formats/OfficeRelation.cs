namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>A part that another part of an office document refers to.</summary>
/// <param name="Kind">Last word of the relationship's type, such as "footnotes"; strict and transitional files agree in it.</param>
/// <param name="Target">Name of the part in the package, or an address when <paramref name="External"/>; addresses are never opened.</param>
internal sealed record OfficeRelation(string Kind, string Target, bool External);
