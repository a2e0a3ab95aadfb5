using System.Globalization;
using BlazorAdmin.Features.Account;

namespace BlazorAdmin.Features.Mail;

/// <summary>Addresses as they stand on the envelope.</summary>
public static class MailAddresses
{
    /// <summary>True for one plain address that can break out of neither a header nor an SMTP command. Quoted local parts are left out with that.</summary>
    public static bool CanBeUsed(string? address) => EmailRule.IsValid(address) && address!.Trim().AsSpan().IndexOfAny("<>()[]\",;:\\") < 0 && AsciiDomain(address.Trim()) is not null;

    /// <summary>The form by which addresses are compared.</summary>
    public static string Normalize(string address) => address.Trim().ToLowerInvariant();

    /// <summary>The address with its domain in ASCII (RFC 5891), as servers without SMTPUTF8 take it.</summary>
    /// <exception cref="ArgumentException">It cannot be used.</exception>
    public static string OnEnvelope(string address)
    {
        if (!CanBeUsed(address)) throw new ArgumentException("The address cannot be used in a mail.", nameof(address));
        var plain = address.Trim();
        return $"{plain[..plain.LastIndexOf('@')]}@{AsciiDomain(plain)}";
    }

    public static string DomainOf(string address)
    {
        var plain = OnEnvelope(address);
        return plain[(plain.LastIndexOf('@') + 1)..];
    }

    private static string? AsciiDomain(string address)
    {
        try
        {
            return new IdnMapping().GetAscii(address[(address.LastIndexOf('@') + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
