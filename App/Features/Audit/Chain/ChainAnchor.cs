using System.Globalization;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// A signed statement that the chain had this head at this time. The chain alone shows changes within it; the anchor shows
/// that its tail is gone or that all of it was computed anew, because the key is not in the database.
/// </summary>
public sealed record ChainAnchor(ChainPoint Head, DateTimeOffset At, byte[] Signature)
{
    private const string Version = "v1";

    /// <summary>One line: <c>v1 sequence hash time signature</c>; hex, time in milliseconds since 1970.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Version} {Head.Sequence} {Convert.ToHexStringLower(Head.Hash)} {At.ToUnixTimeMilliseconds()} {Convert.ToHexStringLower(Signature)}");

    /// <returns>Null if <paramref name="text"/> is no anchor. The signature is not checked here.</returns>
    public static ChainAnchor? Parse(string? text)
    {
        if (text?.Trim().Split(' ') is not [Version, var sequence, var hash, var at, var signature]) return null;
        if (!long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var time)) return null;
        if (time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return null;
        return Bytes(hash) is { } head && Bytes(signature) is { } signed ? new ChainAnchor(new ChainPoint(place, head), DateTimeOffset.FromUnixTimeMilliseconds(time), signed) : null;
    }

    private static byte[]? Bytes(string hex)
    {
        var bytes = new byte[ChainBytes.HashLength];
        return hex.Length == 2 * bytes.Length && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
