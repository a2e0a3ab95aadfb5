namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Follows the chain row by row and names what does not fit. Keeps nothing but the last place and the first problems, so a
/// chain of any length needs the same memory.
/// </summary>
/// <param name="start">Where the chain begins: the origin, or the last cut.</param>
/// <param name="anchors">Genuine anchors that were read before the first row.</param>
public sealed class ChainCheck(ChainPoint start, IReadOnlyCollection<ChainAnchor> anchors)
{
    /// <summary>More are counted and not kept.</summary>
    public const int MostKept = 100;

    private readonly List<ChainProblem> _problems = [];
    private byte[]? _recomputed;

    /// <summary>The last place that was followed, with the hash that stands there.</summary>
    public ChainPoint Last { get; private set; } = start;

    public long Rows { get; private set; }

    public long ProblemCount { get; private set; }

    /// <summary>The first <see cref="MostKept"/>, in the order of the chain.</summary>
    public IReadOnlyList<ChainProblem> Problems => _problems;

    /// <summary>Follows the next row, which must have a higher place than the last.</summary>
    public void Next(ChainRow row)
    {
        var sequence = row.Sequence ?? throw new ArgumentException("The row is not sealed.", nameof(row));
        Rows++;
        var gap = sequence - Last.Sequence - 1;
        if (gap > 0) Add(new ChainProblem(ChainProblemKind.Missing, Last.Sequence + 1, gap));
        var stored = row.Hash ?? [];
        byte[]? recomputed = null;
        if (row.IsUnreadable)
        {
            Add(new ChainProblem(ChainProblemKind.Unreadable, sequence, EntryId: row.Id));
        }
        else
        {
            recomputed = ChainBytes.Hash(row.PreviousHash, row);
            if (!recomputed.AsSpan().SequenceEqual(stored)) Add(new ChainProblem(ChainProblemKind.Changed, sequence, EntryId: row.Id));
            // A row whose own hash was changed is named once, above; the one behind it still follows its content.
            else if (gap == 0 && !Follows(row.PreviousHash)) Add(new ChainProblem(ChainProblemKind.Moved, sequence, EntryId: row.Id));
        }

        foreach (var anchor in anchors)
            if (anchor.Head.Sequence == sequence && !anchor.Head.IsAt(sequence, stored) && !(recomputed is not null && anchor.Head.IsAt(sequence, recomputed)))
                Add(new ChainProblem(ChainProblemKind.Rewritten, sequence, EntryId: row.Id));
        (Last, _recomputed) = (new ChainPoint(sequence, stored), recomputed);
    }

    /// <summary>Goes on behind a cut that was made while the chain was followed.</summary>
    public void Skip(ChainPoint cut) => (Last, _recomputed) = (cut, null);

    /// <summary>After the last row: compares the end with the anchors.</summary>
    public void End()
    {
        var signed = anchors.Select(a => a.Head.Sequence).DefaultIfEmpty(0).Max();
        if (signed > Last.Sequence) Add(new ChainProblem(ChainProblemKind.TailMissing, Last.Sequence + 1, signed - Last.Sequence));
    }

    public void Add(ChainProblem problem)
    {
        ProblemCount++;
        if (_problems.Count < MostKept) _problems.Add(problem);
    }

    private bool Follows(byte[]? previousHash) =>
        previousHash is not null && (previousHash.AsSpan().SequenceEqual(Last.Hash) || (_recomputed is not null && previousHash.AsSpan().SequenceEqual(_recomputed)));
}
