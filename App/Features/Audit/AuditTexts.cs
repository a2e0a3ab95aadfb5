namespace BlazorAdmin.Features.Audit;

/// <summary>Texts of the Audit tab; names of actions are keys with the action's own name.</summary>
public sealed class AuditTexts;
