namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>A place of the chain: how many rows there were up to here since the installation began, and the hash of the last of them.</summary>
public sealed record ChainPoint(long Sequence, byte[] Hash)
{
    /// <summary>Before the first row.</summary>
    public static ChainPoint Origin { get; } = new(0, new byte[ChainBytes.HashLength]);

    public bool IsAt(long sequence, ReadOnlySpan<byte> hash) => Sequence == sequence && hash.SequenceEqual(Hash);
}
