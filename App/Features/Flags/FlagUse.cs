namespace BlazorAdmin.Features.Flags;

/// <summary>When code last asked for a flag on this node.</summary>
public sealed class FlagUse
{
    private long _asked;

    /// <summary>UTC ticks of the minute; 0: not since the start.</summary>
    public long AskedMinute => Volatile.Read(ref _asked);

    /// <summary>What of it stands in the database. Only the writer touches it.</summary>
    public long WrittenMinute { get; set; }

    // Read first: a line of memory that all cores only read costs nothing, one that they write all the time does.
    public void Ask(long minute)
    {
        if (Volatile.Read(ref _asked) < minute) Volatile.Write(ref _asked, minute);
    }
}
