using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace BlazorAdmin.Data.Keys;

/// <summary>Encrypts the data-protection keys before they go to the database.</summary>
public sealed class RootKeyXmlEncryptor(SecretBox box) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("rootKeyEncrypted", box.Seal(Purpose, plaintextElement.ToString(SaveOptions.DisableFormatting))), typeof(RootKeyXmlDecryptor));
}

/// <summary>Made by data protection by its type's name, which is stored with each key: do not rename.</summary>
public sealed class RootKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<SecretBox>().Open(RootKeyXmlEncryptor.Purpose, encryptedElement.Value));
}
