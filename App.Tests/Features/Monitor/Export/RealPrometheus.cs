using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace BlazorAdmin.Tests.Features.Monitor.Export;

/// <summary>A Prometheus server that scrapes one portal every second; its own folder and port, gone on dispose.</summary>
public sealed class RealPrometheus : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly HttpClient _http;
    private readonly Process _process;

    private RealPrometheus(Uri portal, string? token)
    {
        var port = FreePort.Next();
        File.WriteAllText(_folder["prometheus.yml"], $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: portal
                static_configs:
                  - targets: ['{portal.Authority}']
            {(token is null ? "" : $"    authorization:\n      credentials: {token}")}
            """);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        _process = Process.Start(new ProcessStartInfo(PrometheusFactAttribute.Find("prometheus")!,
            [$"--config.file={_folder["prometheus.yml"]}", $"--storage.tsdb.path={_folder["data"]}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        _process.ErrorDataReceived += (_, line) => Output += line.Data + "\n";
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Output { get; private set; } = "";

    public static RealPrometheus Scraping(Uri portal, string? token = null) => new(portal, token);

    /// <summary>The value of an instant query, once Prometheus knows one.</summary>
    public async Task<double> ValueAsync(string query)
    {
        double? value = null;
        await Eventually.Holds(async () => (value = await AskAsync(query)) is not null, TimeSpan.FromSeconds(60), $"Prometheus knows {query}. It says: {Output}");
        return value!.Value;
    }

    private async Task<double?> AskAsync(string query)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync($"api/v1/query?query={Uri.EscapeDataString(query)}"));
        var found = json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().FirstOrDefault();
        return found.ValueKind == JsonValueKind.Undefined ? null : double.Parse(found.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }
}
