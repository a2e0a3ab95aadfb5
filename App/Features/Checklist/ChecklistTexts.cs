namespace BlazorAdmin.Features.Checklist;

/// <summary>Texts of the first-run checklist.</summary>
public sealed class ChecklistTexts;
