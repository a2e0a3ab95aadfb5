using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Features.Tokens;

/// <summary>What a token looks like: <c>ba_</c> and 32 random bytes in base64url.</summary>
public static class TokenSecret
{
    public const string Start = "ba_";

    /// <summary>Characters of a whole token: the start and 43 of base64url.</summary>
    public const int Length = 46;

    private const int RandomBytes = 32;
    private const int ShownCharacters = 8;

    public static string New() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>SHA-256 of the whole token. A lookup by it takes the same time for every wrong token.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The first characters, by which people recognise it.</summary>
    public static string PrefixOf(string secret) => secret[..ShownCharacters];

    /// <summary>True if the text has the form of a token; says nothing on whether there is one.</summary>
    public static bool HasForm(string text) => text.Length == Length && text.StartsWith(Start, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Start.Length));
}
