using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Mail;

/// <summary>
/// Speaks SMTP (RFC 5321) with the configured server, step by step, each with its own time limit. The framework's client keeps no limit
/// when it sends asynchronously and tells neither steps nor codes; sending and the connection test share this one instead.
/// </summary>
/// <param name="told">Hears of each step when it begins and when it ends. Never a password.</param>
public sealed class SmtpConversation(MailOptions options, TimeProvider time, Action<SmtpStep>? told = null) : IAsyncDisposable
{
    // Classes of replies (RFC 5321, 4.2.1): it is done, or the server waits for what follows.
    private const int Done = 2, GoOn = 3;

    private readonly Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);
    private SmtpWire? _wire;
    private IPAddress _ownAddress = IPAddress.Loopback;

    private TimeSpan ToConnect => TimeSpan.FromSeconds(options.ConnectSeconds);

    private TimeSpan ToAnswer => TimeSpan.FromSeconds(options.AnswerSeconds);

    private SmtpWire Wire => _wire ?? throw new InvalidOperationException("The conversation has not begun.");

    /// <summary>Connects, secures the connection and signs in as the settings say.</summary>
    /// <exception cref="MailServerException">A step failed.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var addresses = await StepAsync(SmtpStage.Resolve, ToConnect, ResolveAsync, found => string.Join(", ", found.Select(a => a.ToString())), cancellation);
        await StepAsync(SmtpStage.Connect, ToConnect, token => ConnectAsync(addresses, token), at => at.ToString() ?? "", cancellation);
        if (options.Security == MailSecurity.Tls) await EncryptAsync(cancellation);
        await StepAsync(SmtpStage.Greeting, ToAnswer, async token => Expect(SmtpStage.Greeting, await Wire.ReadAsync(token)), reply => reply.Text, cancellation);
        await HelloAsync(cancellation);
        if (options.Security == MailSecurity.StartTls)
        {
            await StartTlsAsync(cancellation);
            // What was offered in the clear could have been anybody's offer.
            await HelloAsync(cancellation);
        }

        if (options.UserName is { Length: > 0 } user) await StepAsync(SmtpStage.SignIn, ToAnswer, token => SignInAsync(user, options.Password ?? "", token), reply => reply.Verdict, cancellation);
    }

    /// <summary>Hands one mail over.</summary>
    /// <param name="content">The mail as <see cref="MimeMail"/> writes it.</param>
    /// <returns>What the server said when it took it.</returns>
    /// <exception cref="MailServerException">A step failed; after the content was sent the mail may have been taken all the same.</exception>
    public async Task<string> SendAsync(string from, string to, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var (sender, recipient) = (MailAddresses.OnEnvelope(from), MailAddresses.OnEnvelope(to));
        var isWide = !Ascii.IsValid(sender) || !Ascii.IsValid(recipient);
        await StepAsync(SmtpStage.Sender, ToAnswer, token => AskAsync(SmtpStage.Sender, $"MAIL FROM:<{sender}>{(isWide && _extensions.ContainsKey("SMTPUTF8") ? " SMTPUTF8" : "")}", token), reply => reply.Text, cancellation);
        await StepAsync(SmtpStage.Recipient, ToAnswer, token => AskAsync(SmtpStage.Recipient, $"RCPT TO:<{recipient}>", token), reply => reply.Text, cancellation);
        var taken = await StepAsync(SmtpStage.Content, TimeSpan.FromSeconds(options.DataSeconds), async token =>
        {
            await AskAsync(SmtpStage.Content, "DATA", token, GoOn);
            await Wire.SendContentAsync(content, token);
            return Expect(SmtpStage.Content, await Wire.ReadAsync(token));
        }, reply => reply.Text, cancellation);
        return taken.Text;
    }

    /// <summary>Says goodbye; what the server answers does not matter any more.</summary>
    public async Task QuitAsync(CancellationToken cancellation)
    {
        try
        {
            await StepAsync(SmtpStage.Quit, TimeSpan.FromSeconds(Math.Min(5, options.AnswerSeconds)), token => AskAsync(SmtpStage.Quit, "QUIT", token), reply => reply.Text, cancellation);
        }
        catch (MailServerException)
        {
            return; // the mail is handed over
        }
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(CancellationToken cancellation)
    {
        var found = IPAddress.TryParse(options.Host, out var given) ? [given] : await Dns.GetHostAddressesAsync(options.Host ?? "", cancellation);
        if (found.Length == 0) throw new MailServerException(SmtpStage.Resolve, MailFault.UnknownHost, $"The name {options.Host} does not resolve.");
        // What is connected to is what was looked at: the name is not asked a second time.
        var allowed = found.Where(SmtpAddresses.IsAllowed).ToList();
        return allowed.Count > 0
            ? allowed
            : throw new MailServerException(SmtpStage.Resolve, MailFault.AddressNotAllowed, $"{found[0]} is no address of a mail server.", detail: found[0].ToString());
    }

    private async Task<EndPoint> ConnectAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancellation)
    {
        var socket = await SmtpAddresses.ConnectAsync(addresses, options.Port, ToConnect, time, cancellation);
        _ownAddress = ((IPEndPoint)socket.LocalEndPoint!).Address;
        _wire = new SmtpWire(new NetworkStream(socket, ownsSocket: true));
        return socket.RemoteEndPoint!;
    }

    private Task HelloAsync(CancellationToken cancellation) => StepAsync(SmtpStage.Hello, ToAnswer, async token =>
    {
        var reply = await AskAsync(SmtpStage.Hello, $"EHLO {OwnName()}", token);
        _extensions.Clear();
        foreach (var line in reply.Lines.Skip(1))
        {
            var cut = line.IndexOf(' ', StringComparison.Ordinal);
            _extensions[cut < 0 ? line : line[..cut]] = cut < 0 ? "" : line[(cut + 1)..];
        }

        return reply;
    }, reply => reply.Text, cancellation);

    private async Task StartTlsAsync(CancellationToken cancellation)
    {
        if (!_extensions.ContainsKey("STARTTLS"))
        {
            var failure = new MailServerException(SmtpStage.Encrypt, MailFault.NoTls, $"{options.Host} does not offer STARTTLS on port {options.Port}; nothing was sent.");
            told?.Invoke(new SmtpStep(SmtpStage.Encrypt, TimeSpan.Zero, Failure: failure));
            throw failure;
        }

        await EncryptAsync(cancellation, async token => await AskAsync(SmtpStage.Encrypt, "STARTTLS", token));
    }

    private Task EncryptAsync(CancellationToken cancellation, Func<CancellationToken, Task>? before = null) => StepAsync(SmtpStage.Encrypt, ToAnswer, async token =>
    {
        if (before is not null) await before(token);
        Wire.RequireSilence();
        var tls = new ServerTls(
            options.Host!, options.AuthorityFile, "Mail:AuthorityFile", (message, detail, cause) => new MailServerException(SmtpStage.Encrypt, MailFault.TlsFailed, message, detail: detail, inner: cause));
        try
        {
            var secured = await tls.SecureAsync(Wire.Stream, token);
            Wire.Secure(secured);
            return $"{secured.SslProtocol}, {secured.NegotiatedCipherSuite}";
        }
        catch (AuthenticationException exception)
        {
            throw tls.Problem is { } problem
                ? new MailServerException(SmtpStage.Encrypt, MailFault.Certificate, problem, detail: problem, inner: exception)
                : new MailServerException(SmtpStage.Encrypt, MailFault.TlsFailed, $"TLS did not come about: {exception.Message}", detail: exception.Message, inner: exception);
        }
    }, said => said, cancellation);

    private async Task<SmtpReply> SignInAsync(string user, string password, CancellationToken cancellation)
    {
        var offered = _extensions.GetValueOrDefault("AUTH")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (offered.Contains("PLAIN", StringComparer.OrdinalIgnoreCase)) return await AskAsync(SmtpStage.SignIn, $"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellation);
        if (!offered.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
            throw new MailServerException(SmtpStage.SignIn, MailFault.NoSignIn, $"{options.Host} offers no sign-in with PLAIN or LOGIN.", detail: string.Join(' ', offered));
        await AskAsync(SmtpStage.SignIn, "AUTH LOGIN", cancellation, GoOn);
        await AskAsync(SmtpStage.SignIn, Base64(user), cancellation, GoOn);
        return await AskAsync(SmtpStage.SignIn, Base64(password), cancellation);
    }

    private async Task<SmtpReply> AskAsync(SmtpStage stage, string command, CancellationToken cancellation, int wanted = Done)
    {
        await Wire.SendAsync(command, cancellation);
        return Expect(stage, await Wire.ReadAsync(cancellation), wanted);
    }

    private static SmtpReply Expect(SmtpStage stage, SmtpReply reply, int wanted = Done)
    {
        if (reply.Code / 100 == wanted) return reply;
        var said = stage == SmtpStage.SignIn ? reply.Verdict : reply.Text;
        throw new MailServerException(stage, MailFault.Refused, $"The mail server refused ({stage}): {said}", reply.Code, said);
    }

    private async Task<T> StepAsync<T>(SmtpStage stage, TimeSpan limit, Func<CancellationToken, Task<T>> act, Func<T, string> say, CancellationToken cancellation)
    {
        told?.Invoke(new SmtpStep(stage));
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var result = await act(both.Token);
            told?.Invoke(new SmtpStep(stage, time.GetElapsedTime(began), say(result)));
            return result;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && Understand(stage, limit, exception, late.IsCancellationRequested) is { } failure)
        {
            told?.Invoke(new SmtpStep(stage, time.GetElapsedTime(began), failure.Detail, failure));
            if (failure == exception) throw;
            throw failure;
        }
    }

    private MailServerException? Understand(SmtpStage stage, TimeSpan limit, Exception exception, bool isLate) => exception switch
    {
        MailServerException known => known,
        OperationCanceledException when isLate => new(stage, MailFault.NoAnswer, $"{options.Host}:{options.Port} did not answer within {limit.TotalSeconds:0} s ({stage}).", detail: $"{limit.TotalSeconds:0} s", inner: exception),
        SocketException socket when stage == SmtpStage.Resolve => new(stage, MailFault.UnknownHost, $"The name {options.Host} does not resolve: {socket.Message}", detail: socket.Message, inner: exception),
        SocketException socket when stage == SmtpStage.Connect => new(stage, MailFault.Unreachable, $"{options.Host}:{options.Port} takes no connection: {socket.Message}", detail: socket.Message, inner: exception),
        InvalidDataException data => new(stage, MailFault.NotSmtp, $"{options.Host}:{options.Port}: {data.Message}", detail: data.Message, inner: exception),
        IOException or SocketException => new(stage, MailFault.Dropped, $"{options.Host}:{options.Port} ended the connection ({stage}).", inner: exception),
        _ => null,
    };

    /// <summary>How the portal calls itself: its machine's name if that may stand there, else its address on this connection (RFC 5321, 4.1.3).</summary>
    private string OwnName()
    {
        var name = Dns.GetHostName();
        if (name.Contains('.', StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) return name;
        return _ownAddress.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{_ownAddress}]" : $"[{_ownAddress}]";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public ValueTask DisposeAsync() => _wire?.DisposeAsync() ?? ValueTask.CompletedTask;
}
