using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Audit;

/// <summary>
/// A personal value (name, e-mail address) in the before and after of a row: the text beside a commitment to it, SHA-256
/// over a random salt and the text. The chain covers the commitment, so that text and salt can be erased later and the row
/// is still the one that was sealed; while they are there, the commitment shows every change of them.
/// </summary>
public static partial class PersonalValue
{
    /// <summary>What is shown for a value that was erased.</summary>
    public const string Erased = "[erased]";

    private const int SaltLength = 16;

    /// <summary>What the JSON of a row holds for <paramref name="text"/>.</summary>
    internal static Dictionary<string, string> Of(string text)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new() { ["text"] = text, ["salt"] = Convert.ToBase64String(salt), ["seal"] = Seal(salt, text) };
    }

    /// <summary>The text of such a value, <see cref="Erased"/> if it is gone, null if <paramref name="json"/> is something else.</summary>
    internal static string? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("seal", out _)) return null;
        return json.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : Erased;
    }

    /// <summary>
    /// <paramref name="json"/> with nothing but the commitments left of its personal values. One whose text does not belong to its
    /// commitment stays as it is, and so changes what the chain covers.
    /// </summary>
    public static string? Redact(string? json) => json is null || !json.Contains("\"seal\":", StringComparison.Ordinal) ? json : Value().Replace(json, match =>
    {
        var seal = match.Groups["seal"].Value;
        var salt = new byte[SaltLength];
        // Only the very characters that were written count, not another spelling of the same in base64 or JSON.
        if (!Convert.TryFromBase64String(match.Groups["salt"].Value, salt, out _) || Convert.ToBase64String(salt) != match.Groups["salt"].Value) return match.Value;
        var text = Decode(match.Groups["text"].Value);
        return text is not null && Seal(salt, text) == seal && Encode(text) == match.Groups["text"].Value ? $"{{\"seal\":\"{seal}\"}}" : match.Value;
    });

    private static string Seal(byte[] salt, string text) => Convert.ToBase64String(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]));

    private static string? Decode(string quoted)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(quoted);
        }
        catch (JsonException)
        {
            return null; // no JSON string
        }
    }

    private static string Encode(string text) => JsonSerializer.Serialize(text, AuditExtensions.Json);

    [GeneratedRegex("""\{"text":(?<text>"(?:[^"\\]|\\.)*"),"salt":"(?<salt>[A-Za-z0-9+/]{22}==)","seal":"(?<seal>[A-Za-z0-9+/]{43}=)"\}""")]
    private static partial Regex Value();
}
