using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Audit;

/// <summary>How audit rows read to people.</summary>
public static class AuditWords
{
    /// <summary>The action's name in the person's language; its code where a slice has not named it.</summary>
    public static string Action(IStringLocalizer<AuditTexts> texts, string action) => texts[action] is { ResourceNotFound: false } named ? named : action;

    public static (Tone Tone, string Word) Outcome(IStringLocalizer<AuditTexts> texts, AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => (Tone.Ok, texts["OutcomeDone"]),
        AuditOutcome.Denied => (Tone.Warn, texts["OutcomeDenied"]),
        _ => (Tone.Bad, texts["OutcomeFailed"]),
    };

    public static string Actor(IStringLocalizer<AuditTexts> texts, AuditRow row) =>
        row.Actor ?? (row.IsActorErased ? $"{texts["ErasedName"]} {row.ActorId.ToString()![..8]}" : row.Action.StartsWith("account.", StringComparison.Ordinal) ? texts["Stranger"] : texts["Portal"]);
}
