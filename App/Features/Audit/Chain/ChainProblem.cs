using System.Globalization;

namespace BlazorAdmin.Features.Audit.Chain;

public enum ChainProblemKind
{
    /// <summary>A field or the hash of the row is not what was sealed.</summary>
    Changed,

    /// <summary>Rows of the chain are gone.</summary>
    Missing,

    /// <summary>The row does not follow the one before it: moved, put in, or the one before was replaced.</summary>
    Moved,

    /// <summary>The row holds values that no portal writes.</summary>
    Unreadable,

    /// <summary>Rows stand before the beginning of the chain.</summary>
    BeforeBeginning,

    /// <summary>The chain ends before a head that was signed: its tail is gone.</summary>
    TailMissing,

    /// <summary>The chain has another row at a place that was signed: it was computed anew.</summary>
    Rewritten,

    /// <summary>There are sealed rows and no anchor in the database.</summary>
    AnchorMissing,

    /// <summary>An anchor was not signed by this installation, or was changed.</summary>
    AnchorForged,

    /// <summary>The record of a cut was not signed by this installation, or was changed.</summary>
    CutForged,
}

/// <summary>What is wrong at one place of the chain.</summary>
/// <param name="Sequence">The first place that it concerns.</param>
/// <param name="Count">How many places from there on.</param>
/// <param name="EntryId">Id of the row there, if there is one.</param>
public sealed record ChainProblem(ChainProblemKind Kind, long Sequence, long Count = 1, long? EntryId = null)
{
    /// <summary>English, for the command line and the log.</summary>
    public string Describe()
    {
        var rows = Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"row #{Sequence}") : string.Create(CultureInfo.InvariantCulture, $"rows #{Sequence} to #{Sequence + Count - 1}");
        var named = EntryId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{rows} (id {id})") : rows;
        return Kind switch
        {
            ChainProblemKind.Changed => $"{named} was changed after it was sealed",
            ChainProblemKind.Missing => $"{named} missing",
            ChainProblemKind.Moved => $"{named} does not follow the row before it: it was moved or put in, or the one before was replaced",
            ChainProblemKind.Unreadable => $"{named} holds values that the portal does not write",
            ChainProblemKind.BeforeBeginning => $"{Count} rows stand before the beginning of the chain",
            ChainProblemKind.TailMissing => $"{named} missing at the end: a signed anchor says that the chain was longer",
            ChainProblemKind.Rewritten => $"{named} is not the one that was signed: the chain was computed anew",
            ChainProblemKind.AnchorMissing => "the anchor in the database is missing",
            ChainProblemKind.AnchorForged => "an anchor was not signed by this installation",
            _ => $"the record of the cut at {rows} was not signed by this installation",
        };
    }
}
