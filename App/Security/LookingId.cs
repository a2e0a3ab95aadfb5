using System.Security.Cryptography;

namespace BlazorAdmin.Security;

/// <summary>
/// Ids of sessions in which somebody looks at the portal as another person. Such an id says from which sign-in it began, to whoever knows
/// that one's id: eight random bytes, then as many of the SHA-256 over them and the id of the sign-in.
/// </summary>
internal static class LookingId
{
    private const int Half = 8;

    public static Guid New(Guid from)
    {
        var random = RandomNumberGenerator.GetBytes(Half);
        return new Guid([.. random, .. Mark(random, from)]);
    }

    public static bool BeganFrom(Guid looking, Guid session)
    {
        ReadOnlySpan<byte> bytes = looking.ToByteArray();
        return CryptographicOperations.FixedTimeEquals(bytes[Half..], Mark(bytes[..Half], session));
    }

    private static byte[] Mark(ReadOnlySpan<byte> random, Guid session) => SHA256.HashData([.. random, .. session.ToByteArray()])[..Half];
}
