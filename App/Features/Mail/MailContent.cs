using System.Security.Cryptography;
using System.Text.Json;
using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Mail;

/// <summary>What of a mail is stored sealed, because it may carry one-time links.</summary>
/// <param name="Name">Of the recipient.</param>
internal sealed record MailContent(string Name, string Text, string Html)
{
    public const string Purpose = "mail";

    public string Seal(SecretBox box) => box.Seal(Purpose, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));

    /// <returns>Null if it was sealed under another root key, or changed.</returns>
    public static MailContent? Open(SecretBox box, string sealedText)
    {
        try
        {
            return JsonSerializer.Deserialize<MailContent>(box.Open(Purpose, sealedText), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
