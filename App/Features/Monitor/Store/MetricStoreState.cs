namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>How the store of this node is doing: what waits, what is in, what was lost. Read from any thread.</summary>
public sealed class MetricStoreState
{
    private long _lost, _recovered, _merged, _lastSealed = long.MinValue;

    /// <summary>
    /// Samples of the machine that are known to be lost since the start: overwritten before they could be written to the disk,
    /// dropped because the journal had no room, or refused by the database.
    /// </summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Samples that this start found in journals of an earlier run.</summary>
    public long Recovered => Interlocked.Read(ref _recovered);

    /// <summary>Minutes that were in the database already and had samples added, for instance because the clock was set back.</summary>
    public long Merged => Interlocked.Read(ref _merged);

    /// <summary>Records of journals that could not be read: the cut-off end of a write, or a damaged disk.</summary>
    public int DamagedRecords { get; internal set; }

    /// <summary>Last sample of an earlier run that did not stop in order; null if it did. Up to a second after it is lost.</summary>
    public DateTimeOffset? InterruptedAt { get; internal set; }

    /// <summary>Minutes that are over and not in the database yet.</summary>
    public int Waiting { get; internal set; }

    /// <summary>Bytes of all journals at the last look.</summary>
    public long WaitingBytes { get; internal set; }

    /// <summary>Start of the newest minute that is in the database; null before the first one.</summary>
    public DateTimeOffset? LastSealed => Interlocked.Read(ref _lastSealed) is var last and not long.MinValue ? MetricLevels.At(last) : null;

    /// <summary>Why the last attempt failed, in one line; null if it did not.</summary>
    public string? Problem { get; internal set; }

    internal void CountLost(long samples) => Interlocked.Add(ref _lost, samples);

    internal void CountRecovered(long samples) => Interlocked.Add(ref _recovered, samples);

    internal void Sealed(long minute, bool merged)
    {
        if (merged) Interlocked.Increment(ref _merged);
        // One thread seals.
        if (minute > Interlocked.Read(ref _lastSealed)) Interlocked.Exchange(ref _lastSealed, minute);
    }
}
