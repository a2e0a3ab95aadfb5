using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlazorAdmin.Security;

/// <summary>TLS to a server of the organisation: the certificate must be of the configured name and of a trusted authority. There is no way around it.</summary>
/// <param name="authorityFile">PEM file of an authority of the organisation's own; null or empty: the system's.</param>
/// <param name="setting">Name of the setting that names the file, for messages.</param>
/// <param name="unreadable">Makes the caller's exception when the file cannot be read, of the message, its detail and the cause.</param>
internal sealed class ServerTls(string host, string? authorityFile, string setting, Func<string, string, Exception, Exception> unreadable)
{
    /// <summary>Why the certificate was not taken; null if it was.</summary>
    public string? Problem { get; private set; }

    /// <exception cref="System.Security.Authentication.AuthenticationException">Not taken: <see cref="Problem"/> says why, or the handshake failed.</exception>
    public async Task<SslStream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                // An authority's list of revoked certificates is often out of reach from an intranet; waiting for it would stop everything.
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = authorityFile is { Length: > 0 } file ? OwnAuthority(file) : null,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => (Problem = Describe(certificate, chain, errors)) is null,
            }, cancellation);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private X509ChainPolicy OwnAuthority(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            return policy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw unreadable($"{file} (setting {setting}) cannot be read: {exception.Message}", $"{setting}: {exception.Message}", exception);
        }
    }

    private string? Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is not X509Certificate2 shown) return "The server showed no certificate.";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"The certificate is for {shown.GetNameInfo(X509NameType.DnsName, forIssuer: false)}, not for {host}.";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return $"The certificate is valid from {shown.NotBefore:yyyy-MM-dd} to {shown.NotAfter:yyyy-MM-dd} only.";
        return $"The certificate's authority ({shown.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}) is not trusted. Give its PEM file in the setting {setting}, or add it to the system.";
    }
}
