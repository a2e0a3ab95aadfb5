using System.Reflection;
using System.Text.Json;
using BlazorAdmin.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Audit;

/// <summary>
/// Completes audit rows as they are saved (time, node, before and after of the audited entities) and refuses a save
/// that changes an audited entity without such a row.
/// </summary>
public sealed class AuditInterceptor(TimeProvider time, NodeInfo node) : SaveChangesInterceptor
{
    private const string Masked = "***";

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Complete(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Complete(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Complete(DbContext? db)
    {
        if (db is null) return;
        var changes = db.ChangeTracker.Entries().Where(e => e.Entity is IAudited && e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Where(e => e.State != EntityState.Modified || e.Properties.Any(IsChange)).ToList();
        var rows = db.ChangeTracker.Entries<AuditEntry>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).ToList();
        if (changes.Count > 0 && rows.Count == 0 && !AuditScope.IsExempt)
            throw new InvalidOperationException(
                $"A change of {changes[0].Metadata.ClrType.Name} was about to be saved without an audit row. Call db.Audit(...) in the same command.");
        foreach (var row in rows)
        {
            row.At = time.GetUtcNow();
            row.Node = node.Name;
        }

        if (rows.Count == 0 || changes.Count == 0) return;
        rows[0].Before ??= Describe(changes.Where(e => e.State != EntityState.Added), p => p.OriginalValue);
        rows[0].After ??= Describe(changes.Where(e => e.State != EntityState.Deleted), p => p.CurrentValue);
    }

    private static string? Describe(IEnumerable<EntityEntry> entries, Func<PropertyEntry, object?> value)
    {
        var described = entries.Select(entry => new Dictionary<string, object?>
        {
            ["entity"] = entry.Metadata.ClrType.Name,
            ["id"] = string.Join('/', entry.Metadata.FindPrimaryKey()!.Properties.Select(p => entry.Property(p).CurrentValue)),
            ["values"] = entry.Properties
                .Where(p => !p.Metadata.IsPrimaryKey() && (entry.State != EntityState.Modified || IsChange(p)))
                .ToDictionary(p => p.Metadata.Name, p => Shown(p, value(p))),
        }).ToList();
        return described.Count == 0 ? null : JsonSerializer.Serialize(described, AuditExtensions.Json);
    }

    private static object? Shown(PropertyEntry property, object? value) =>
        IsSecret(property) ? Masked : value is string { Length: > 0 } text && IsPersonal(property) ? PersonalValue.Of(text) : value;

    private static bool IsPersonal(PropertyEntry property) =>
        property.Metadata.PropertyInfo?.GetCustomAttribute<PersonalDataAttribute>() is not null || property.Metadata.Name is "NormalizedEmail" or "NormalizedUserName";

    private static bool IsChange(PropertyEntry property) => property.IsModified && !Equals(property.OriginalValue, property.CurrentValue);

    private static bool IsSecret(PropertyEntry property) =>
        property.Metadata.Name is "PasswordHash" or "SecurityStamp" or "ConcurrencyStamp"
        || property.Metadata.PropertyInfo?.GetCustomAttribute<SecretAttribute>() is not null;
}
