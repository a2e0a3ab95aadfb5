namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The text of a page as it counts, with what is marked in it.</summary>
/// <param name="Version">Of the correction; 0: the text is what was read.</param>
/// <param name="Read">What was read, where a person put it right.</param>
public sealed record MarkedPage(int Page, string Text, int Version, string? Read, IReadOnlyList<MentionView> Mentions, bool MayChange);

/// <param name="Start">-1: its text is not in the document any more.</param>
public sealed record MentionView(Guid Id, string Kind, int Start, int Length, string Text, string Value, double Confidence, MentionState State)
{
    public int End => Start + Length;
}

/// <param name="Value">Empty: a person says that there is none.</param>
/// <param name="Extracted">What the extraction found; null: nothing.</param>
public sealed record FieldView(string Name, string Value, string? Extracted, bool ByPerson, double Confidence, int? Page);

public sealed record DocumentFields(IReadOnlyList<FieldView> Fields, IReadOnlyList<string> Kinds, bool MayChange);

/// <param name="Message">What the rule says itself; null: the text of the reason.</param>
public sealed record FindingView(Guid RuleId, string Rule, string Field, string? Message, string ReasonKey, string? ReasonArguments);
