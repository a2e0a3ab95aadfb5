namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>The fields of <c>/proc/PID/stat</c> that are shown (proc(5)).</summary>
internal readonly ref struct ProcessStat
{
    private ProcessStat(ReadOnlySpan<byte> name) => Name = name;

    public ReadOnlySpan<byte> Name { get; }

    public char State { get; private init; }

    public int Parent { get; private init; }

    /// <summary>User and kernel time in ticks of 10 ms.</summary>
    public ulong Ticks { get; private init; }

    public int Threads { get; private init; }

    /// <summary>Ticks since the machine started. With the number it names a process for good.</summary>
    public ulong Started { get; private init; }

    /// <summary>Resident memory pages.</summary>
    public ulong Pages { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        // A name may hold spaces and brackets: it ends at the last one.
        int open = text.IndexOf((byte)'('), close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open) return false;
        var rest = text[(close + 1)..].TrimEnd((byte)'\n');
        if (!ProcText.TryField(ref rest, out var state) || !ProcText.TryNumber(ref rest, out var parent)
            || !ProcText.Skip(ref rest, 9) || !ProcText.TryNumber(ref rest, out var user) || !ProcText.TryNumber(ref rest, out var kernel)
            || !ProcText.Skip(ref rest, 4) || !ProcText.TryNumber(ref rest, out var threads)
            || !ProcText.Skip(ref rest, 1) || !ProcText.TryNumber(ref rest, out var started)
            || !ProcText.Skip(ref rest, 1) || !ProcText.TryNumber(ref rest, out var pages)) return false;
        stat = new ProcessStat(text[(open + 1)..close])
        {
            State = (char)state[0],
            Parent = (int)parent,
            Ticks = user + kernel,
            Threads = (int)threads,
            Started = started,
            Pages = pages,
        };
        return true;
    }
}
