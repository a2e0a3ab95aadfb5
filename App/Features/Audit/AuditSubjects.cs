namespace BlazorAdmin.Features.Audit;

/// <summary>Kinds of subjects that the audit itself knows.</summary>
public static class AuditSubjects
{
    /// <summary>A person with an account: the row holds the id, <see cref="AuditActor"/> the name.</summary>
    public const string Person = "user";

    /// <summary>The person that a row is about, if it is about one.</summary>
    internal static Guid? PersonOf(string? type, string? id) => type == Person && Guid.TryParse(id, out var person) ? person : null;
}
