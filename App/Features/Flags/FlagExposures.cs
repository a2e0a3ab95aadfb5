using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace BlazorAdmin.Features.Flags;

/// <summary>Somebody was given a variant.</summary>
public readonly record struct FlagExposed(Guid Flag, Guid TenantId, Guid Person, string Variant, int Version, FlagReason Reason, int Number, long At);

/// <summary>
/// Who was given what, on the way to the database: bounded, what is beyond is counted and comes with the next question. The
/// same answer to the same person is taken once in ten minutes.
/// </summary>
public sealed class FlagExposures
{
    internal const int Capacity = 10_000;
    private const int Slots = 1 << 15;

    private readonly long[] _seen = new long[Slots];
    private readonly Channel<FlagExposed> _queue = Channel.CreateBounded<FlagExposed>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private long _dropped;

    /// <summary>Answers that found no room since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal ChannelReader<FlagExposed> Queue => _queue.Reader;

    /// <param name="now">UTC ticks.</param>
    public void Note(CompiledFlag flag, Guid? person, in FlagDecision decision, long now)
    {
        flag.Use.Ask(now - now % TimeSpan.TicksPerMinute);
        if (person is not { } id) return;
        var mark = MarkOf(flag, id, decision, now);
        ref var slot = ref _seen[mark & (Slots - 1)];
        // A slot that another answer has taken meanwhile costs one row more, nothing else.
        if (Volatile.Read(ref slot) == mark) return;
        Volatile.Write(ref slot, mark);
        if (_queue.Writer.TryWrite(new FlagExposed(flag.Id, flag.TenantId, id, decision.Variant, flag.Version, decision.Reason, decision.Number, now))) return;
        Interlocked.Increment(ref _dropped);
        Volatile.Write(ref slot, 0);
    }

    // Mixes with the multipliers of splitmix64 (G. Steele et al., OOPSLA 2014). The ten minutes begin at another moment for each person.
    private static long MarkOf(CompiledFlag flag, Guid id, in FlagDecision decision, long now)
    {
        var person = MemoryMarshal.Cast<Guid, ulong>(MemoryMarshal.CreateReadOnlySpan(ref id, 1));
        var flagId = flag.Id;
        var of = MemoryMarshal.Cast<Guid, ulong>(MemoryMarshal.CreateReadOnlySpan(ref flagId, 1));
        const ulong period = 10 * (ulong)TimeSpan.TicksPerMinute;
        var mixed = Mix(person[0] ^ Mix(person[1]));
        var turn = ((ulong)now + mixed % period) / period;
        mixed = Mix(mixed ^ of[1] ^ Mix(of[0] ^ turn));
        // The same rule of the same version gives the same person the same variant, so the variant need not be in it.
        return (long)Mix(mixed ^ ((ulong)(uint)flag.Version << 32) ^ ((ulong)decision.Reason << 24) ^ (uint)decision.Number);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
