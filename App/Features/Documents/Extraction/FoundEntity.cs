namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>An entity in the text of a page: <c>page.Text.Substring(Start, Length) == Text</c> always holds.</summary>
/// <param name="Start">In UTF-16 units, from 0.</param>
/// <param name="Value">In one form, as <see cref="EntityMention.Value"/>.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="RuleId">The own rule that found it.</param>
public sealed record FoundEntity(string Kind, int Page, int Start, int Length, string Text, string Value, double Confidence, Guid? RuleId = null)
{
    public int End => Start + Length;

    public bool Overlaps(FoundEntity other) => Page == other.Page && Start < other.End && other.Start < End;
}
