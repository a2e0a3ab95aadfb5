using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.E2E;

/// <summary>The line between a browser and the portal, which can be cut and mended.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly Uri _portal;
    private readonly int _port;
    private readonly List<Task> _carrying = [];
    private CancellationTokenSource _cut = new();
    private TcpListener _listener;

    public Line(Uri portal)
    {
        _portal = portal;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _carrying.Add(AcceptAsync(_listener, _cut.Token));
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Every connection ends, and none is taken any more.</summary>
    public async Task CutAsync()
    {
        await _cut.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_carrying);
        _carrying.Clear();
    }

    public void Mend()
    {
        _cut.Dispose();
        _cut = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _carrying.Add(AcceptAsync(_listener, _cut.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _cut.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cut)
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(CarryAsync(await listener.AcceptTcpClientAsync(cut), cut));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient browser, CancellationToken cut)
    {
        using (browser)
        using (var portal = new TcpClient())
        {
            try
            {
                await portal.ConnectAsync(IPAddress.Loopback, _portal.Port, cut);
                await Task.WhenAny(browser.GetStream().CopyToAsync(portal.GetStream(), cut), portal.GetStream().CopyToAsync(browser.GetStream(), cut));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // One of the two has gone: so does the connection.
            }
        }
    }
}
