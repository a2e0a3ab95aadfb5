using System.Security.Cryptography;

namespace BlazorAdmin.Data.Keys;

/// <summary>
/// The installation's root key, 32 bytes kept outside the database. Everything secret in the database is encrypted under
/// keys derived from it. Loaded and checked before anything is served.
/// </summary>
public sealed class RootKey
{
    public const int Length = 32;

    private byte[]? _material;

    public bool IsLoaded => Volatile.Read(ref _material) is not null;

    /// <summary>Names the key without revealing it; stored in the database to notice a wrong one.</summary>
    public string Fingerprint => FingerprintOf(Material);

    private byte[] Material => Volatile.Read(ref _material) ?? throw new InvalidOperationException("The root key is not loaded yet: the database is not ready.");

    /// <summary>A key for one purpose only (HKDF-SHA256).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Material, Length, info: System.Text.Encoding.UTF8.GetBytes("BlazorAdmin:" + purpose));

    internal void Load(byte[] material) => Volatile.Write(ref _material, material);

    internal static string FingerprintOf(byte[] material) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(material, "BlazorAdmin root key"u8).AsSpan(0, 16));
}
