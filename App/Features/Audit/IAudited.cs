namespace BlazorAdmin.Features.Audit;

/// <summary>
/// Marks an entity whose changes people answer for. Saving a change of one without an audit row of the same
/// transaction fails (<see cref="AuditInterceptor"/>), so that no command can forget it.
/// </summary>
public interface IAudited;

/// <summary>The value never appears in an audit row: only that it changed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
