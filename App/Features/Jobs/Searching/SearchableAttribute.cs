namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>
/// Jobs are found by this property of their arguments (<c>name:value</c> in the search of the Jobs tab). Texts, numbers, ids,
/// enumerations, dates, and lists of them; a secret is never searchable.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchableAttribute : Attribute;
