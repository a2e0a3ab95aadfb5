namespace BlazorAdmin.Features.Drafts;

/// <summary>What a form says about typed input that was kept for it.</summary>
public sealed class DraftsTexts;
