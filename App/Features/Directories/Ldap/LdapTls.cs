using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>TLS to a directory: the certificate must be of the configured name and of a trusted authority. There is no way around it.</summary>
internal sealed class LdapTls(LdapServer server, string? authorityFile)
{
    /// <summary>Why the certificate was not taken; null if it was.</summary>
    public string? Problem { get; private set; }

    /// <exception cref="System.Security.Authentication.AuthenticationException">Not taken: <see cref="Problem"/> says why, or the handshake failed.</exception>
    /// <exception cref="LdapException">The authority's file cannot be read.</exception>
    public async Task<SslStream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                // An authority's list of revoked certificates is often out of reach from an intranet; waiting for it would stop all sign-ins.
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

    private static X509ChainPolicy OwnAuthority(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            return policy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new LdapException(LdapStage.Encrypt, LdapFault.TlsFailed, $"{file} (setting Directory:AuthorityFile) cannot be read: {exception.Message}", detail: $"Directory:AuthorityFile: {exception.Message}", inner: exception);
        }
    }

    private string? Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is not X509Certificate2 shown) return "The server showed no certificate.";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"The certificate is for {shown.GetNameInfo(X509NameType.DnsName, forIssuer: false)}, not for {server.Host}.";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return $"The certificate is valid from {shown.NotBefore:yyyy-MM-dd} to {shown.NotAfter:yyyy-MM-dd} only.";
        return $"The certificate's authority ({shown.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}) is not trusted. Give its PEM file in the setting Directory:AuthorityFile, or add it to the system.";
    }
}
