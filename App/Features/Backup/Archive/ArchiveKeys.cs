using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// What opens an archive: the installation's root key, a passphrase, or both. With a passphrase the archive also carries the root
/// key under it, so that a machine that lost everything can be set up again.
/// </summary>
public sealed class ArchiveKeys(byte[]? rootKey, string? passphrase)
{
    /// <summary>Work of one guess: what OWASP asks for of PBKDF2 with HMAC-SHA-256.</summary>
    internal const int Iterations = 600_000;

    private const string Purpose = "backup";

    public byte[]? RootKey { get; } = rootKey;

    public string? Passphrase { get; } = passphrase;

    /// <summary>The key of the slot of the root key; HKDF with the archive's own salt.</summary>
    internal static byte[] OfRootKey(byte[] rootKey, ReadOnlySpan<byte> salt)
    {
        var loaded = new RootKey();
        loaded.Load(rootKey);
        var key = new byte[ArchiveHeader.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, loaded.Derive(Purpose), key, salt, "BlazorAdmin backup: root key slot"u8);
        return key;
    }

    internal static byte[] OfPassphrase(string passphrase, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, iterations, HashAlgorithmName.SHA256, ArchiveHeader.KeyBytes);
}
