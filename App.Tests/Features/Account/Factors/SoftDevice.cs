using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BlazorAdmin.Tests.Features.Account.Factors;

/// <summary>A device with one passkey, as the Web Authentication API would let a page talk to it: ES256, no attestation, the person verified.</summary>
internal sealed class SoftDevice : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _userHandle = "";

    public string Id => Base64Url.EncodeToString(_id);

    public uint Counter { get; set; } = 1;

    /// <summary>False: as devices that keep no counter say.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>False: the device was not unlocked.</summary>
    public bool Verified { get; set; } = true;

    /// <summary>What <c>navigator.credentials.create</c> answers.</summary>
    public string Create(JsonElement options, string origin)
    {
        _userHandle = options.GetProperty("user").GetProperty("id").GetString()!;
        var client = ClientData("webauthn.create", options, origin);
        var attestation = new List<byte>();
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
        attestation.AddRange([0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8]);
        var data = AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, attested: true);
        attestation.AddRange([0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        return Answer(new { clientDataJSON = Base64Url.EncodeToString(client), attestationObject = Base64Url.EncodeToString(attestation.ToArray()), transports = new[] { "internal" } });
    }

    /// <summary>What <c>navigator.credentials.get</c> answers.</summary>
    public string Show(JsonElement options, string origin)
    {
        Counter++;
        var client = ClientData("webauthn.get", options, origin);
        var data = AuthenticatorData(options.GetProperty("rpId").GetString()!, attested: false);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new
        {
            clientDataJSON = Base64Url.EncodeToString(client), authenticatorData = Base64Url.EncodeToString(data), signature = Base64Url.EncodeToString(signature), userHandle = _userHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private string Answer(object response) => JsonSerializer.Serialize(new { id = Id, rawId = Id, type = "public-key", clientExtensionResults = new { }, response });

    private static byte[] ClientData(string type, JsonElement options, string origin) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = options.GetProperty("challenge").GetString(), origin, crossOrigin = false });

    private byte[] AuthenticatorData(string domain, bool attested)
    {
        var data = new List<byte>(SHA256.HashData(Encoding.UTF8.GetBytes(domain)));
        data.Add((byte)(0x01 | (Verified ? 0x04 : 0) | (attested ? 0x40 : 0)));
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counts ? Counter : 0);
        data.AddRange(counter);
        if (!attested) return [.. data];
        var point = _key.ExportParameters(false).Q;
        // Model id (none), credential id, COSE key {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.AddRange([.. new byte[16], 0, (byte)_id.Length, .. _id]);
        data.AddRange([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!]);
        return [.. data];
    }
}
