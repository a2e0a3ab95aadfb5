using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// Seals and opens the chunks of a stream so that changing, reordering, cutting off and adding are noticed at the chunk where they
/// begin: the STREAM construction of V. T. Hoang, R. Reyhanitabar, P. Rogaway and D. Vizár, "Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance", CRYPTO 2015, with AES-256-GCM.
/// </summary>
/// <remarks>The nonce is a prefix of 7 bytes, the number of the chunk (4 bytes, big endian) and 1 for the last chunk, else 0.</remarks>
internal sealed class SealedChunks(ArchiveHeader.Opened header) : IDisposable
{
    public const int PrefixBytes = 7;
    public const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly AesGcm _aes = new(header.Key, TagBytes);
    private uint _next;

    /// <param name="sealedChunk">As long as <paramref name="plain"/> and <see cref="TagBytes"/>.</param>
    public void Seal(ReadOnlySpan<byte> plain, Span<byte> sealedChunk, bool last)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Number(nonce, last);
        _aes.Encrypt(nonce, plain, sealedChunk[..plain.Length], sealedChunk[plain.Length..]);
    }

    /// <exception cref="BackupException">This is not the next chunk as it was sealed.</exception>
    public void Open(ReadOnlySpan<byte> sealedChunk, Span<byte> plain, bool last)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Number(nonce, last);
        try
        {
            _aes.Decrypt(nonce, sealedChunk[..plain.Length], sealedChunk[plain.Length..], plain);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw BackupException.Tampered(exception);
        }
    }

    public void Dispose() => _aes.Dispose();

    private void Number(Span<byte> nonce, bool last)
    {
        header.NoncePrefix.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[PrefixBytes..], _next);
        nonce[NonceBytes - 1] = last ? (byte)1 : (byte)0;
        _next = checked(_next + 1);
    }
}
