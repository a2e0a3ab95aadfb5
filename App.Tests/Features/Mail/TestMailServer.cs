using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using BlazorAdmin.Features.Mail;

namespace BlazorAdmin.Tests.Features.Mail;

/// <summary>A mail that the server took.</summary>
/// <param name="Content">As it crossed the wire.</param>
public sealed record TakenMail(string From, IReadOnlyList<string> To, bool Tls, string? User, string Content)
{
    public string Headers => Content[..Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)];

    /// <summary>The decoded bodies in their order.</summary>
    public IReadOnlyList<string> Bodies =>
    [
        .. Content.Split("Content-Transfer-Encoding: base64\r\n\r\n").Skip(1)
            .Select(part => Encoding.UTF8.GetString(Convert.FromBase64String(part[..part.IndexOf("\r\n--", StringComparison.Ordinal)]))),
    ];
}

/// <summary>A process with a real mail server on a free port of this machine; see smtp_server.py for what its recipients do.</summary>
public sealed class TestMailServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TestFolder _folder;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestMailServer(Process process, TestFolder folder) => (_process, _folder) = (process, folder);

    public int Port => _port.Task.Result;

    public ConcurrentQueue<TakenMail> Taken { get; } = new();

    /// <summary>Recipients that wait for an answer which does not come.</summary>
    public ConcurrentQueue<string> Stalled { get; } = new();

    /// <summary>The authority that signed its certificate.</summary>
    public string AuthorityFile => Path.Combine(_folder.Path, "authority.pem");

    public static async Task<TestMailServer> StartAsync(MailSecurity security = MailSecurity.None, string? user = null, string? password = null, string certificateFor = "localhost")
    {
        var folder = new TestFolder();
        var start = new ProcessStartInfo(MailServerFactAttribute.Python, ["-u", Path.Combine(Repository.Root, "App.Tests", "Features", "Mail", "smtp_server.py")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (security != MailSecurity.None)
        {
            MakeCertificate(folder.Path, certificateFor);
            foreach (var argument in new[] { "--certificate", Path.Combine(folder.Path, "server.pem"), "--key", Path.Combine(folder.Path, "server.key") }) start.ArgumentList.Add(argument);
            if (security == MailSecurity.Tls) start.ArgumentList.Add("--implicit");
        }

        if (user is not null) foreach (var argument in new[] { "--user", user, "--password", password ?? "" }) start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        var server = new TestMailServer(process, folder);
        process.OutputDataReceived += (_, line) => server.Read(line.Data);
        process.ErrorDataReceived += (_, line) => server._errors.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server._port.Task.WaitAsync(TimeSpan.FromSeconds(60));
            return server;
        }
        catch (TimeoutException exception)
        {
            var said = string.Join('\n', server._errors);
            await server.DisposeAsync();
            throw new InvalidOperationException($"The mail server did not start: {said}", exception);
        }
    }

    /// <summary>Settings that reach it.</summary>
    public MailOptions Options(Action<MailOptions>? change = null)
    {
        var options = new MailOptions { Host = "localhost", Port = Port, Security = MailSecurity.None, From = "portal@example.org", FromName = "Portal" };
        change?.Invoke(options);
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private void Read(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        if (root.TryGetProperty("port", out var port)) _port.TrySetResult(port.GetInt32());
        else if (root.TryGetProperty("stalls", out var stalls)) Stalled.Enqueue(stalls.GetString()!);
        else
            Taken.Enqueue(new TakenMail(
                root.GetProperty("from").GetString()!, [.. root.GetProperty("to").EnumerateArray().Select(t => t.GetString()!)], root.GetProperty("tls").GetBoolean(), root.GetProperty("user").GetString(),
                Encoding.UTF8.GetString(Convert.FromBase64String(root.GetProperty("content").GetString()!))));
    }

    private static void MakeCertificate(string folder, string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Authority of the tests", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = DateTimeOffset.UtcNow;
        using var authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "authority.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
