namespace BlazorAdmin.Features.Checklist;

/// <summary>A point as it is shown.</summary>
/// <param name="MarkedBy">Who confirmed it or set it aside; null if nobody did, or the account is gone.</param>
public sealed record ChecklistRow(IChecklistItem Item, ChecklistFinding Finding, bool IsSetAside, DateTimeOffset? MarkedAt, string? MarkedBy)
{
    public bool NeedsSomebody => Finding.State == ChecklistState.Open && !IsSetAside;
}

public enum ChecklistOutcome
{
    Done,

    /// <summary>There is no such point any more.</summary>
    NotFound,

    /// <summary>It is measured: saying so does not make it done.</summary>
    NotConfirmable,

    /// <summary>It stands so already.</summary>
    Unchanged,
}
