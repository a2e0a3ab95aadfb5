using System.Buffers.Binary;
using System.Security.Cryptography;
using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// The beginning of an archive, the only part that is not encrypted. It names the format and the root key, and holds the random
/// key of this archive sealed under the root key and, if wanted, under a passphrase together with the root key itself.
/// </summary>
/// <remarks>
/// Format 1, numbers big endian: "BLZADMBK", format (2 bytes), log2 of the chunk size (1), flags (1; bit 0: passphrase slot), salt (32),
/// id of the root key (16); slot of the root key: nonce (12), sealed key (32), tag (16); slot of the passphrase: iterations (4),
/// salt (16), nonce (12), sealed key and root key (64), tag (16). The slots are AES-256-GCM over the first 60 bytes; the key of the
/// chunks is derived with the hash of the whole header, so no bit of it can change unnoticed.
/// </remarks>
internal static class ArchiveHeader
{
    public const int Format = 1;
    public const int KeyBytes = 32;
    public const int UsualChunkLog = 16;

    private const int LeastChunkLog = 6;
    private const int MostChunkLog = 22;
    private const int MostIterations = 10_000_000;
    private const int SaltBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Fixed = 60;
    private const int RootSlot = NonceBytes + KeyBytes + TagBytes;
    private const int PassphraseSalt = 16;
    private const int PassphraseSlot = 4 + PassphraseSalt + NonceBytes + (2 * KeyBytes) + TagBytes;

    private static ReadOnlySpan<byte> Magic => "BLZADMBK"u8;

    /// <summary>The key and nonce prefix of the chunks, and what the archive says of itself in the clear.</summary>
    /// <param name="KeyId">First half of the root key's fingerprint.</param>
    /// <param name="RootKey">The root key, if it was sealed under the passphrase that opened the archive.</param>
    public sealed record Opened(byte[] Key, byte[] NoncePrefix, int ChunkBytes, string KeyId, byte[]? RootKey);

    /// <summary>Writes a header with a new key.</summary>
    public static Opened Write(Stream target, ArchiveKeys keys, int chunkLog = UsualChunkLog)
    {
        var rootKey = keys.RootKey ?? throw new InvalidOperationException("An archive is always sealed under the root key.");
        var header = new byte[Fixed + RootSlot + (keys.Passphrase is null ? 0 : PassphraseSlot)];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(8), Format);
        (header[10], header[11]) = ((byte)chunkLog, (byte)(keys.Passphrase is null ? 0 : 1));
        RandomNumberGenerator.Fill(header.AsSpan(12, SaltBytes));
        Convert.FromHexString(Data.Keys.RootKey.FingerprintOf(rootKey), header.AsSpan(44, 16), out _, out _);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        Seal(header.AsSpan(Fixed, RootSlot), ArchiveKeys.OfRootKey(rootKey, header.AsSpan(12, SaltBytes)), key, header.AsSpan(0, Fixed));
        if (keys.Passphrase is { } passphrase)
        {
            var slot = header.AsSpan(Fixed + RootSlot);
            BinaryPrimitives.WriteInt32BigEndian(slot, ArchiveKeys.Iterations);
            RandomNumberGenerator.Fill(slot.Slice(4, PassphraseSalt));
            Seal(slot[(4 + PassphraseSalt)..], ArchiveKeys.OfPassphrase(passphrase, slot.Slice(4, PassphraseSalt), ArchiveKeys.Iterations), [.. key, .. rootKey], header.AsSpan(0, Fixed));
        }

        target.Write(header);
        return Derive(key, header, chunkLog, null);
    }

    /// <exception cref="BackupException">It is no archive, of a newer format, changed, or its key is not here.</exception>
    public static Opened Read(Stream source, ArchiveKeys keys)
    {
        var start = new byte[Fixed];
        if (source.ReadAtLeast(start, Fixed, throwOnEndOfStream: false) < Fixed || !start.AsSpan(0, 8).SequenceEqual(Magic))
            throw new BackupException(BackupProblem.NoArchive, "The file is no backup of the portal.");
        var format = BinaryPrimitives.ReadUInt16BigEndian(start.AsSpan(8));
        if (format > Format) throw new BackupException(BackupProblem.Newer, $"The archive has format {format}, and this portal reads up to {Format}. Restore it with the newer portal that made it.");
        if (format == 0 || start[10] is < LeastChunkLog or > MostChunkLog || start[11] > 1) throw BackupException.Tampered();
        var header = new byte[Fixed + RootSlot + (start[11] == 1 ? PassphraseSlot : 0)];
        start.CopyTo(header, 0);
        if (source.ReadAtLeast(header.AsSpan(Fixed), header.Length - Fixed, throwOnEndOfStream: false) < header.Length - Fixed) throw BackupException.Tampered();
        var keyId = Convert.ToHexStringLower(header.AsSpan(44, 16));
        if (keys.RootKey is { } rootKey && RootKey.FingerprintOf(rootKey) == keyId)
            return Derive(Open(header.AsSpan(Fixed, RootSlot), ArchiveKeys.OfRootKey(rootKey, header.AsSpan(12, SaltBytes)), header.AsSpan(0, Fixed)) ?? throw BackupException.Tampered(), header, start[10], null);
        if (keys.Passphrase is { } passphrase && start[11] == 1) return OpenByPassphrase(header, passphrase);
        throw new BackupException(BackupProblem.OtherKey, OtherKey(keyId[..8], start[11] == 1, keys));
    }

    private static Opened OpenByPassphrase(byte[] header, string passphrase)
    {
        var slot = header.AsSpan(Fixed + RootSlot);
        var iterations = BinaryPrimitives.ReadInt32BigEndian(slot);
        if (iterations is < 1 or > MostIterations) throw BackupException.Tampered();
        var both = Open(slot[(4 + PassphraseSalt)..], ArchiveKeys.OfPassphrase(passphrase, slot.Slice(4, PassphraseSalt), iterations), header.AsSpan(0, Fixed))
            ?? throw new BackupException(BackupProblem.OtherKey, "The passphrase does not open this archive, or the archive was changed.");
        return Derive(both[..KeyBytes], header, header[10], both[KeyBytes..]);
    }

    private static string OtherKey(string keyId, bool hasPassphrase, ArchiveKeys keys) =>
        $"The archive is sealed under root key {keyId}, and {(keys.RootKey is { } key ? $"the one here is {RootKey.FingerprintOf(key)[..8]}" : "there is none here")}. "
        + "Put that key into keys/root.key of the data directory or set RootKey"
        + (hasPassphrase ? ", or give the passphrase of the archive (--passphrase-file)." : " (the archive was made without a passphrase).");

    private static Opened Derive(byte[] key, byte[] header, int chunkLog, byte[]? rootKey)
    {
        var hash = SHA256.HashData(header);
        return new Opened(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, hash, "BlazorAdmin backup: chunks"u8.ToArray()),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SealedChunks.PrefixBytes, hash, "BlazorAdmin backup: nonces"u8.ToArray()),
            1 << chunkLog, Convert.ToHexStringLower(header.AsSpan(44, 16)), rootKey);
    }

    private static void Seal(Span<byte> slot, byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        RandomNumberGenerator.Fill(slot[..NonceBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(slot[..NonceBytes], plain, slot.Slice(NonceBytes, plain.Length), slot.Slice(NonceBytes + plain.Length, TagBytes), associated);
    }

    private static byte[]? Open(ReadOnlySpan<byte> slot, byte[] key, ReadOnlySpan<byte> associated)
    {
        var plain = new byte[slot.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(slot[..NonceBytes], slot.Slice(NonceBytes, plain.Length), slot[(NonceBytes + plain.Length)..], plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
