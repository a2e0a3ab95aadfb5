using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>
/// Time-based one-time passwords of RFC 6238 (SHA-1, steps of 30 s, six digits) over the counter-based ones of RFC 4226:
/// what every authenticator app understands.
/// </summary>
public static class Totp
{
    /// <summary>Bytes of a seed, as many as the hash has (RFC 4226, section 4).</summary>
    public const int SeedLength = 20;

    public const int Digits = 6;
    public const int StepSeconds = 30;

    // Clocks differ and people type slowly: one step to either side (RFC 6238, section 5.2).
    private const int Window = 1;

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedLength);

    /// <summary>The number of the step that <paramref name="time"/> lies in.</summary>
    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <param name="digits">1 to 9.</param>
    public static string CodeAt(ReadOnlySpan<byte> seed, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        // The hash that the RFC and the apps use; its collisions do not matter in an HMAC.
#pragma warning disable CA5350
        HMACSHA1.HashData(seed, counter, hash);
#pragma warning restore CA5350
        // Dynamic truncation, RFC 4226 section 5.3.
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0x0F)..]) & 0x7FFF_FFFF;
        var modulus = 1;
        for (var i = 0; i < digits; i++) modulus *= 10;
        return (number % modulus).ToString(new string('0', digits), CultureInfo.InvariantCulture);
    }

    /// <summary>The step near <paramref name="now"/> that <paramref name="code"/> belongs to and that comes after the one used last.</summary>
    /// <param name="lastUsed">No code up to this step counts any more; null if none was used.</param>
    /// <returns>Null if the code is wrong, too old, or used.</returns>
    public static long? Match(ReadOnlySpan<byte> seed, string code, DateTimeOffset now, long? lastUsed)
    {
        if (code.Length != Digits || !code.All(char.IsAsciiDigit)) return null;
        var typed = Encoding.ASCII.GetBytes(code);
        long? found = null;
        // All of them, whichever matches, so that the time does not tell which.
        for (var step = StepOf(now) - Window; step <= StepOf(now) + Window; step++)
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(CodeAt(seed, step))) && (lastUsed is null || step > lastUsed)) found ??= step;
        return found;
    }

    /// <summary>The address that an app reads from the QR code (Google's key URI format; the defaults are those of this class).</summary>
    public static string UriOf(string issuer, string account, string seed) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={seed}&issuer={Uri.EscapeDataString(issuer)}";
}
