using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>
/// One connection to a directory server: LDAP version 3 over sockets of the framework, so that time-outs, cancelling and the check of
/// the certificate are the portal's own on every system. Operations follow one another; referrals are not followed.
/// </summary>
/// <param name="told">Hears of every step as it begins and ends.</param>
public sealed class LdapConversation(LdapServer server, DirectoryOptions settings, TimeProvider time, Action<LdapStep>? told = null) : IAsyncDisposable
{
    private const int Success = 0;
    private const int SizeLimitExceeded = 4;
    private const int NoSuchObject = 32;

    // What one answer, and all pages of a search together, may bring: a server gone wrong must not fill the memory.
    private const long MostBytes = 64L * 1024 * 1024;
    private const long MostBytesInAll = 4 * MostBytes;
    private const int MostEntriesInAll = 500_000;
    private const int MostPages = 50_000;

    // Wrong name or password, account restrictions: the directory looked at them and says no.
    private static readonly int[] CredentialCodes = [19, 32, 34, 48, 49, 50, 53];

    private Stream? _stream;
    private int _id;

    public LdapServer Server => server;

    /// <summary>Resolves, connects and secures.</summary>
    /// <exception cref="LdapException">A step failed.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var addresses = await StepAsync(LdapStage.Resolve, settings.ConnectSeconds, ResolveAsync, found => string.Join(", ", found.Select(a => a.ToString())), cancellation);
        var socket = await StepAsync(LdapStage.Connect, settings.ConnectSeconds, token => ConnectAsync(addresses, token), s => s.RemoteEndPoint?.ToString(), cancellation);
        _stream = new NetworkStream(socket, ownsSocket: true);
        if (!server.Tls && !settings.StartTls) return;
        await StepAsync(LdapStage.Encrypt, settings.AnswerSeconds, SecureAsync, tls => tls, cancellation);
    }

    /// <summary>Signs in with the given name.</summary>
    /// <returns>Null if it is right, otherwise what the directory said.</returns>
    /// <exception cref="ArgumentException">The password is empty: a directory takes that for nobody and says yes (RFC 4513, 5.1.2).</exception>
    /// <exception cref="LdapException">There was no answer about name and password.</exception>
    public async Task<string?> BindAsync(LdapStage stage, string name, string password, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(password);
        var result = await LimitedAsync(stage, settings.AnswerSeconds, async token =>
        {
            await WriteAsync(LdapWire.Bind(++_id, name, password), token);
            return (await ReadAsync(LdapWire.BindResponse, token)).Result();
        }, cancellation);
        if (result.Code == Success) return null;
        if (CredentialCodes.Contains(result.Code)) return $"{result.Code} {Fit(result.Words)}".Trim();
        throw new LdapException(stage, LdapFault.Refused, $"{server} refused the sign-in with code {result.Code}.", result.Code, Fit(result.Words));
    }

    /// <summary>Signs in with the portal's own account; without one the directory is asked as nobody in particular.</summary>
    public async Task SignInAsync(CancellationToken cancellation)
    {
        if (settings.BindDn is not { Length: > 0 } name) return;
        await StepAsync(LdapStage.SignIn, 0, async token =>
        {
            if (settings.BindPassword is not { Length: > 0 } password) throw new LdapException(LdapStage.SignIn, LdapFault.SignInRefused, "Directory:BindDn is set and Directory:BindPassword is not.");
            if (await BindAsync(LdapStage.SignIn, name, password, token) is { } words)
                throw new LdapException(LdapStage.SignIn, LdapFault.SignInRefused, $"{server} refused the portal's own account (Directory:BindDn, Directory:BindPassword).", detail: words);
            return name;
        }, found => found, cancellation);
    }

    /// <summary>Finds a few entries, without paging.</summary>
    /// <param name="most">More are an error of the filter.</param>
    public async Task<IReadOnlyList<LdapEntry>> FindAsync(string root, LdapScope scope, string filter, IReadOnlyList<string> attributes, int most, CancellationToken cancellation)
    {
        var (found, _, _) = await LimitedAsync(LdapStage.Search, settings.AnswerSeconds, token => SearchAsync(root, scope, filter, attributes, most, 0, [], token), cancellation);
        return found;
    }

    /// <summary>Finds everything, page by page (RFC 2696). An answer that is not complete ends in an exception, never in a shorter list.</summary>
    public async IAsyncEnumerable<LdapEntry> FindAllAsync(string root, string filter, IReadOnlyList<string> attributes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var cookie = Array.Empty<byte>();
        var (pages, entries, bytes) = (0, 0, 0L);
        do
        {
            var (page, next, size) = await LimitedAsync(LdapStage.Search, settings.AnswerSeconds, token => SearchAsync(root, LdapScope.Subtree, filter, attributes, 0, settings.PageSize, cookie, token), cancellation);
            (pages, entries, bytes) = (pages + 1, entries + page.Count, bytes + size);
            if (pages > MostPages || entries > MostEntriesInAll || bytes > MostBytesInAll) throw TooMuch();
            foreach (var entry in page) yield return entry;
            cookie = next ?? [];
        }
        while (cookie.Length > 0);
    }

    /// <summary>Shows a step of somebody else who uses this connection.</summary>
    public Task<T> StepAsync<T>(LdapStage stage, Func<CancellationToken, Task<T>> work, Func<T, string?> describe, CancellationToken cancellation) =>
        StepAsync(stage, 0, work, describe, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_stream is null) return;
        try
        {
            await LimitedAsync(LdapStage.Search, 1, async token =>
            {
                await WriteAsync(LdapWire.Unbind(++_id), token);
                return true;
            }, CancellationToken.None);
        }
        catch (LdapException)
        {
            // The server left first.
        }

        await _stream.DisposeAsync();
    }

    private async Task<(List<LdapEntry> Found, byte[]? Cookie, long Bytes)> SearchAsync(
        string root, LdapScope scope, string filter, IReadOnlyList<string> attributes, int most, int pageSize, byte[] cookie, CancellationToken cancellation)
    {
        byte[] request;
        try
        {
            request = LdapWire.Search(++_id, root, scope, filter, attributes, most, pageSize, cookie);
        }
        catch (FormatException exception)
        {
            throw new LdapException(LdapStage.Search, LdapFault.BadFilter, $"The filter {filter} cannot be read: {exception.Message}", detail: exception.Message, inner: exception);
        }

        await WriteAsync(request, cancellation);
        var found = new List<LdapEntry>();
        var (wanted, bytes) = (pageSize > 0 ? pageSize : most, 0L);
        while (true)
        {
            var message = await ReadAsync(null, cancellation);
            if ((bytes += message.Operation.Length) > MostBytes) throw TooMuch();
            switch (message.Kind)
            {
                case LdapWire.SearchEntry:
                    found.Add(message.Entry());
                    if (found.Count > wanted) throw TooMuch();
                    break;
                case LdapWire.SearchReference:
                    // Another server's part of the tree; it has its own settings.
                    break;
                case LdapWire.SearchDone:
                    return (found, EndOf(message.Result(), root) ? message.Cookie() : null, bytes);
                default:
                    throw new InvalidDataException($"A message of kind {message.Kind} does not belong to a search.");
            }
        }
    }

    private LdapException TooMuch() => new(LdapStage.Search, LdapFault.Incomplete, $"{server} gives more than was asked for, or more than the portal takes. Narrow the filter.");

    private bool EndOf(LdapResult result, string root) => result.Code switch
    {
        Success => true,
        SizeLimitExceeded => throw new LdapException(LdapStage.Search, LdapFault.Incomplete, $"{server} gives only a part of the entries (size limit). Raise its limit for the portal's account, or narrow the filter.", result.Code, Fit(result.Words)),
        NoSuchObject => throw new LdapException(LdapStage.Search, LdapFault.Refused, $"{server} has no entry {root}, or does not show it to the portal's account.", result.Code, Fit(result.Words)),
        _ => throw new LdapException(LdapStage.Search, LdapFault.Refused, $"{server} refused the search with code {result.Code}.", result.Code, Fit(result.Words)),
    };

    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancellation)
    {
        IPAddress[] found;
        try
        {
            found = await Dns.GetHostAddressesAsync(server.Host, cancellation);
        }
        catch (SocketException exception)
        {
            throw new LdapException(LdapStage.Resolve, LdapFault.UnknownHost, $"{server.Host} is not known.", detail: exception.Message, inner: exception);
        }

        var allowed = found.Where(SmtpAddresses.IsAllowed).ToArray();
        if (allowed.Length == 0) throw new LdapException(LdapStage.Resolve, LdapFault.AddressNotAllowed, $"{server.Host} has no address that a directory may have.", detail: string.Join(", ", found.Select(a => a.ToString())));
        return allowed;
    }

    private async Task<Socket> ConnectAsync(IPAddress[] addresses, CancellationToken cancellation)
    {
        try
        {
            return await SmtpAddresses.ConnectAsync(addresses, server.Port, TimeSpan.FromSeconds(settings.ConnectSeconds), time, cancellation);
        }
        catch (SocketException exception)
        {
            throw new LdapException(LdapStage.Connect, LdapFault.Unreachable, $"{server} takes no connection.", detail: exception.Message, inner: exception);
        }
    }

    private async Task<string> SecureAsync(CancellationToken cancellation)
    {
        if (!server.Tls)
        {
            await WriteAsync(LdapWire.Secure(++_id), cancellation);
            var answer = (await ReadAsync(LdapWire.ExtendedResponse, cancellation)).Result();
            if (answer.Code != Success) throw new LdapException(LdapStage.Encrypt, LdapFault.NoTls, $"{server} offers no STARTTLS.", answer.Code, Fit(answer.Words));
        }

        var tls = new ServerTls(
            server.Host, settings.AuthorityFile, "Directory:AuthorityFile", (message, detail, cause) => new LdapException(LdapStage.Encrypt, LdapFault.TlsFailed, message, detail: detail, inner: cause));
        // Given away: if TLS does not come about, the connection is closed.
        var plain = _stream!;
        _stream = null;
        try
        {
            var secured = await tls.SecureAsync(plain, cancellation);
            _stream = secured;
            return $"{secured.SslProtocol}, {secured.NegotiatedCipherSuite}";
        }
        catch (AuthenticationException exception)
        {
            throw new LdapException(LdapStage.Encrypt, tls.Problem is null ? LdapFault.TlsFailed : LdapFault.Certificate, tls.Problem ?? $"{server}: TLS did not come about.", detail: tls.Problem ?? exception.GetBaseException().Message, inner: exception);
        }
    }

    private async Task<T> StepAsync<T>(LdapStage stage, int seconds, Func<CancellationToken, Task<T>> work, Func<T, string?> describe, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        told?.Invoke(new LdapStep(stage, server.ToString()));
        try
        {
            var done = seconds == 0 ? await work(cancellation) : await LimitedAsync(stage, seconds, work, cancellation);
            told?.Invoke(new LdapStep(stage, server.ToString(), time.GetElapsedTime(began), describe(done)));
            return done;
        }
        catch (LdapException exception)
        {
            told?.Invoke(new LdapStep(stage, server.ToString(), time.GetElapsedTime(began), null, exception));
            throw;
        }
    }

    private async Task<T> LimitedAsync<T>(LdapStage stage, int seconds, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new LdapException(stage, LdapFault.NoAnswer, $"{server} does not answer within {seconds} s.", inner: exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or AsnContentException)
        {
            throw new LdapException(stage, LdapFault.NotLdap, $"What answers at {server} does not speak LDAP.", detail: exception.Message, inner: exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new LdapException(stage, LdapFault.Dropped, $"The connection to {server} ended.", detail: exception.Message, inner: exception);
        }
    }

    private async Task WriteAsync(byte[] message, CancellationToken cancellation)
    {
        if (_stream is null) throw new InvalidOperationException("The conversation was not opened.");
        await _stream.WriteAsync(message, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    private async Task<LdapWire.LdapMessage> ReadAsync(int? kind, CancellationToken cancellation)
    {
        var message = await LdapWire.ReadAsync(_stream!, cancellation);
        // Number 0 is the server's goodbye (RFC 4511, 4.4.1).
        if (message.Id == 0) throw new IOException("The server ended the conversation.");
        if (message.Id != _id || (kind is { } wanted && message.Kind != wanted)) throw new InvalidDataException($"Message {message.Id} of kind {message.Kind} is no answer.");
        return message;
    }

    // AD writes NUL at the end of its words.
    private static string Fit(string words) => new([.. words.Where(letter => !char.IsControl(letter)).Take(300)]);
}
