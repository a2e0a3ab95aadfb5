using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BlazorAdmin.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>Which of the three ways through nginx a browser takes.</summary>
public enum ProxyWay
{
    /// <summary>TLS, from the address that the portal believes, with the shared secret.</summary>
    Trusted,

    /// <summary>The same without the secret.</summary>
    NoSecret,

    /// <summary>From an address that the portal does not believe.</summary>
    Stranger,
}

/// <summary>
/// A portal behind a real nginx that vouches for whom the browser names in X-Test-User (it stands for the proxy's own sign-in). Without
/// nginx it starts nothing, and the tests are skipped.
/// </summary>
public sealed class ProxySite : IAsyncLifetime
{
    public const string Host = "portal.example.org";

    private const string Secret = "shared-secret-of-the-tests";

    private readonly TestFolder _folder = new();
    private readonly Dictionary<ProxyWay, int> _ports = [];
    private RunningPortal? _portal;
    private Process? _nginx;

    public RunningPortal Portal => _portal ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async Task InitializeAsync()
    {
        if (!NginxFactAttribute.IsThere) return;
        _portal = await RunningPortal.StartAsync(
            $"--Bootstrap:AdminEmail={PortalFixture.AdminEmail}", $"--Bootstrap:AdminPassword={PortalFixture.Password}", "--Security:KnownProxies:0=127.0.0.2", "--SingleSignOn:Enabled=true", $"--SingleSignOn:Secret={Secret}",
            "--SingleSignOn:MailHeader=X-Remote-Email", "--SingleSignOn:NameHeader=X-Remote-Name", "--SingleSignOn:GroupsHeader=X-Remote-Groups", "--SingleSignOn:GroupRoles:0=ops => Operator", "--SingleSignOn:LogoutUrl=https://id.example.org/logout");
        TestCertificates.Write(_folder.Path, name: Host);
        foreach (var way in Enum.GetValues<ProxyWay>()) _ports[way] = FreePort.Next();
        await File.WriteAllTextAsync(_folder["nginx.conf"], Configuration());
        // One process in the foreground, which needs no rights of its own.
        _nginx = Process.Start(new ProcessStartInfo(SlapdFactAttribute.Find("nginx")!, ["-p", _folder.Path, "-c", _folder["nginx.conf"], "-e", _folder["error.log"]]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await Eventually.Holds(async () =>
        {
            if (_nginx.HasExited) throw new InvalidOperationException($"nginx ended: {await _nginx.StandardError.ReadToEndAsync()}");
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _ports[ProxyWay.Stranger]);
            return true;
        }, because: "nginx takes connections");
    }

    public async Task DisposeAsync()
    {
        if (_nginx is { HasExited: false })
        {
            _nginx.Kill();
            await _nginx.WaitForExitAsync();
        }

        _nginx?.Dispose();
        if (_portal is not null) await _portal.DisposeAsync();
        _folder.Dispose();
    }

    public Uri AddressOf(ProxyWay way) => new($"{(way == ProxyWay.Stranger ? "http" : "https")}://{Host}:{_ports[way]}");

    /// <summary>A browser that asks for the portal by its public name.</summary>
    public PortalClient Browser(ProxyWay way = ProxyWay.Trusted) => new(AddressOf(way), Way());

    /// <summary>Resolves the public name to this machine, and trusts the authority of the tests.</summary>
    public SocketsHttpHandler Way()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_folder["authority.pem"]);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = await Portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        return await query(db);
    }

    private string Configuration() => $$"""
        daemon off;
        master_process off;
        pid {{_folder["nginx.pid"]}};
        error_log {{_folder["error.log"]}};
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path {{_folder["body"]}};
          proxy_temp_path {{_folder["proxy"]}};
          fastcgi_temp_path {{_folder["fastcgi"]}};
          uwsgi_temp_path {{_folder["uwsgi"]}};
          scgi_temp_path {{_folder["scgi"]}};
          map $http_upgrade $connection_upgrade { default upgrade; '' close; }
          proxy_http_version 1.1;
          {{Server(ProxyWay.Trusted, "127.0.0.2", $"proxy_set_header X-Proxy-Secret {Secret};")}}
          {{Server(ProxyWay.NoSecret, "127.0.0.2", "")}}
          {{Server(ProxyWay.Stranger, "127.0.0.3", $"proxy_set_header X-Proxy-Secret {Secret};")}}
        }
        """;

    private string Server(ProxyWay way, string from, string secret) => $$"""
        server {
          listen 127.0.0.1:{{_ports[way]}}{{(way == ProxyWay.Stranger ? "" : " ssl")}};
          server_name {{Host}};
          ssl_certificate {{_folder["server.pem"]}};
          ssl_certificate_key {{_folder["server.key"]}};
          location / {
            proxy_pass http://127.0.0.1:{{Portal.Address.Port}};
            proxy_bind {{from}};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Remote-User $http_x_test_user;
            proxy_set_header X-Remote-Email $http_x_test_email;
            proxy_set_header X-Remote-Name "";
            proxy_set_header X-Remote-Groups $http_x_test_groups;
            {{secret}}
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
          }
        }
        """;
}
