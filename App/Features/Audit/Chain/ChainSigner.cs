using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Signs anchors and cuts (HMAC-SHA-256) with keys derived from the root key, which the database does not hold.</summary>
public sealed class ChainSigner(RootKey rootKey)
{
    /// <summary>An anchor of <paramref name="head"/> at <paramref name="at"/>, to the millisecond.</summary>
    public ChainAnchor Sign(ChainPoint head, DateTimeOffset at)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return new ChainAnchor(head, time, Signature("audit-anchor", AnchorText(head, time)));
    }

    public bool IsGenuine(ChainAnchor anchor) => Matches(anchor.Signature, "audit-anchor", AnchorText(anchor.Head, anchor.At));

    /// <summary>Fills in <see cref="AuditCut.Signature"/>. The id is not covered: the database gives it later.</summary>
    public void Sign(AuditCut cut) => cut.Signature = Signature("audit-cut", CutText(cut));

    public bool IsGenuine(AuditCut cut) => cut.LastHash.Length == ChainBytes.HashLength && Matches(cut.Signature, "audit-cut", CutText(cut));

    private static string AnchorText(ChainPoint head, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"v1 {head.Sequence} {Convert.ToHexStringLower(head.Hash)} {at.ToUnixTimeMilliseconds()}");

    private static string CutText(AuditCut cut) =>
        string.Create(CultureInfo.InvariantCulture, $"v1 {cut.At.UtcTicks} {cut.LastSequence} {Convert.ToHexStringLower(cut.LastHash)} {cut.Rows}");

    private byte[] Signature(string purpose, string text) => HMACSHA256.HashData(rootKey.Derive(purpose), Encoding.ASCII.GetBytes(text));

    private bool Matches(byte[] signature, string purpose, string text) => CryptographicOperations.FixedTimeEquals(signature, Signature(purpose, text));
}
