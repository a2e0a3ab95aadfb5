using BlazorAdmin.Benchmarks.Circuits;
using BlazorAdmin.Benchmarks.Hosting;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>Many circuits on one page, opened a few at a time and left together.</summary>
internal sealed class CircuitCrowd : IAsyncDisposable
{
    private const int OpenedAtOnce = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly List<CircuitClient> _clients;

    private CircuitCrowd(HttpClient http, List<CircuitClient> clients) => (_http, _clients) = (http, clients);

    public IReadOnlyList<CircuitClient> Clients => _clients;

    /// <param name="ready">When a page shows what it is for; null: the caller waits by other means.</param>
    public static async Task<CircuitCrowd> OpenAsync(HttpClient http, Uri page, int count, Func<PageDocument, bool>? ready, CancellationToken cancellation)
    {
        var clients = new List<CircuitClient>(count);
        var crowd = new CircuitCrowd(http, clients);
        try
        {
            for (var opened = 0; opened < count; opened += OpenedAtOnce)
            {
                var few = Enumerable.Range(0, Math.Min(OpenedAtOnce, count - opened)).Select(_ => CircuitClient.OpenAsync(http, page, keepsDocument: ready is not null, cancellation)).ToArray();
                foreach (var client in few) clients.Add(await client);
                if (ready is null) continue;
                foreach (var client in clients.Skip(opened)) await client.WaitForAsync(ready, Limit, cancellation);
            }

            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the circuits at once, as browsers do that leave.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        foreach (var client in _clients) await client.LeaveAsync(_http, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        _clients.Clear();
    }
}
