using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>Stands between a worker and the server, and can let single connections fall silent, as a broken network does: nothing comes, nothing ends.</summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Link> _links = [];
    private volatile EndPoint _server;
    private readonly Task _accepting;

    public SilentProxy(string connectionString)
    {
        _server = EndPointOf(connectionString);
        _listener.Start();
        Connection = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Leads through the proxy.</summary>
    public string Connection { get; }

    /// <summary>New connections lead to another server, as a name does after a failover.</summary>
    public void LeadTo(string connectionString) => _server = EndPointOf(connectionString);

    /// <summary>Connections that have sent <paramref name="words"/> and still speak.</summary>
    public int Speaking(string words) => _links.Count(l => !l.Silent && !l.Ended && l.Said(words));

    /// <summary>Silences the connections that have sent one of <paramref name="words"/>.</summary>
    public int Silence(params string[] words)
    {
        var chosen = _links.Where(l => !l.Silent && !l.Ended && words.Any(l.Said)).ToList();
        foreach (var link in chosen) link.Silent = true;
        return chosen.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var link in _links) link.Dispose();
        _stopping.Dispose();
    }

    private static EndPoint EndPointOf(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return server.Host!.StartsWith('/') ? new UnixDomainSocketEndPoint(Path.Combine(server.Host, $".s.PGSQL.{server.Port}")) : new DnsEndPoint(server.Host, server.Port);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var unix = _server.AddressFamily == AddressFamily.Unix;
                var server = new Socket(unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
                try
                {
                    await server.ConnectAsync(_server, _stopping.Token);
                    _links.Add(new Link(client, server, _stopping.Token));
                }
                catch (SocketException)
                {
                    // Nobody listens there now: the client is told so, as by a host without the server.
                    client.Dispose();
                    server.Dispose();
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            _listener.Stop();
        }
    }

    private sealed class Link : IDisposable
    {
        private readonly Socket _client;
        private readonly Socket _server;
        private readonly StringBuilder _said = new();
        private readonly Lock _lock = new();

        public Link(Socket client, Socket server, CancellationToken stopping)
        {
            (_client, _server) = (client, server);
            _ = PumpAsync(client, server, Note, stopping);
            _ = PumpAsync(server, client, null, stopping);
        }

        public bool Silent { get; set; }

        public bool Ended { get; private set; }

        public bool Said(string words)
        {
            lock (_lock) return _said.ToString().Contains(words, StringComparison.Ordinal);
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }

        private void Note(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
                if (_said.Length < 1_000_000) _said.Append(Encoding.Latin1.GetString(bytes));
        }

        private async Task PumpAsync(Socket from, Socket to, Action<ReadOnlySpan<byte>>? note, CancellationToken stopping)
        {
            var buffer = new byte[16_384];
            try
            {
                while (true)
                {
                    var count = await from.ReceiveAsync(buffer, stopping);
                    note?.Invoke(buffer.AsSpan(0, count));
                    if (Silent) continue;
                    if (count == 0) break;
                    await to.SendAsync(buffer.AsMemory(0, count), stopping);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                Ended = true;
            }

            Ended = true;
            if (!Silent) Dispose();
        }
    }
}
