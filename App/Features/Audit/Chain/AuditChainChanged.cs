namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Topic <c>audit.chain</c>: rows were sealed, or a verification moved on or ended.</summary>
/// <param name="Percent">How far the verification is; null for everything else.</param>
public sealed record AuditChainChanged(double? Percent = null);
