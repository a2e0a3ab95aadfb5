using System.Text.Encodings.Web;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit;

/// <summary>How a service writes its audit row: added to the command's context, so that both commit together.</summary>
public static class AuditExtensions
{
    // Umlauts stay readable in the stored JSON; it is only ever shown through Razor's encoder.
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Adds the row of one command to <paramref name="db"/>; before and after of <see cref="IAudited"/> entities are filled in on saving.
    /// </summary>
    /// <param name="db">The context that the command saves.</param>
    /// <param name="caller">Who acts.</param>
    /// <param name="action"><c>slice.verb</c>.</param>
    /// <param name="subjectType">Kind of thing, for instance <c>job</c>.</param>
    /// <param name="subjectId">Its id.</param>
    /// <param name="subjectName">What a person calls it. The name of a person with an account is not stored here: it is read from <see cref="AuditActor"/>.</param>
    /// <param name="detail">Anything serialisable: filter, ids, reason. Never a secret.</param>
    /// <param name="count">How many things a bulk command touches.</param>
    /// <param name="outcome">Done unless the row records a refusal or failure.</param>
    public static AuditEntry Audit(
        this AppDbContext db, Caller caller, string action, string? subjectType = null, object? subjectId = null, string? subjectName = null,
        object? detail = null, int count = 1, AuditOutcome outcome = AuditOutcome.Done)
    {
        if (AuditSubjects.PersonOf(subjectType, subjectId?.ToString()) is not null) subjectName = null;
        if (caller.ImpersonatorId is not null) detail = new { lookingAs = caller.UserId, detail };
        var entry = new AuditEntry
        {
            TenantId = caller.TenantId,
            ActorId = caller.ImpersonatorId ?? caller.UserId,
            SessionId = caller.SessionId,
            Address = caller.Address,
            Action = action,
            SubjectType = subjectType,
            SubjectId = subjectId?.ToString(),
            SubjectName = subjectName is { Length: > 400 } ? subjectName[..400] : subjectName,
            Detail = detail is null ? null : JsonSerializer.Serialize(detail, Json),
            Count = count,
            Outcome = outcome,
        };
        db.Add(entry);
        return entry;
    }
}
