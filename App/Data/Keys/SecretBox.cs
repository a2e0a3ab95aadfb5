using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Data.Keys;

/// <summary>
/// Encrypts secrets that are stored in the database (AES-256-GCM) under a key of the root key for one purpose. A value can
/// only be opened for the purpose it was sealed for.
/// </summary>
public sealed class SecretBox(RootKey rootKey)
{
    private const string Version = "v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>The root key is there: what was sealed can be opened.</summary>
    public bool IsReady => rootKey.IsLoaded;

    /// <returns><c>v1.keyid.payload</c>: text that is safe in a column, a file or a URL.</returns>
    public string Seal(string purpose, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        var keyId = rootKey.Fingerprint[..8];
        using var aes = new AesGcm(rootKey.Derive(purpose), TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), Associated(purpose, keyId));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}.{keyId}.{Base64Url.EncodeToString(box)}";
    }

    /// <exception cref="CryptographicException">Not sealed here, for another purpose, under another key, or changed since.</exception>
    public string Open(string purpose, string sealedText)
    {
        var parts = sealedText.Split('.');
        if (parts.Length != 3 || parts[0] != Version) throw new CryptographicException("This is not a sealed secret.");
        if (parts[1] != rootKey.Fingerprint[..8]) throw new CryptographicException($"The secret was sealed under root key {parts[1]}, not under the one that is loaded.");
        byte[] box;
        try
        {
            box = Base64Url.DecodeFromChars(parts[2]);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("This is not a sealed secret.", exception);
        }

        if (box.Length < NonceLength + TagLength) throw new CryptographicException("This is not a sealed secret.");
        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(rootKey.Derive(purpose), TagLength);
        aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), plain, Associated(purpose, parts[1]));
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Associated(string purpose, string keyId) => Encoding.UTF8.GetBytes($"{Version}.{keyId}.{purpose}");
}
