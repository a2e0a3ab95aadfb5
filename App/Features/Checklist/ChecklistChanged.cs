namespace BlazorAdmin.Features.Checklist;

/// <summary>Somebody confirmed a point, set it aside or took that back.</summary>
public sealed record ChecklistChanged(string Item);
