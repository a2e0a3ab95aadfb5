using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAdmin.Benchmarks.Hosting;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>graphile-worker from npm in a Node.js process of its own, on a database of the same server.</summary>
internal sealed class GraphilePeer : IAsyncDisposable
{
    private const string Package = "graphile-worker";

    private readonly Process? _process;

    private GraphilePeer(Process? process, string name, string database) => (_process, Name, Database) = (process, name, database);

    /// <summary>With its version, or with the reason why it cannot run.</summary>
    public string Name { get; private set; }

    /// <summary>Leads to its database.</summary>
    public string Database { get; }

    public bool Runs => _process is not null;

    public static async Task<GraphilePeer> StartAsync(string connectionString, CancellationToken cancellation)
    {
        GraphilePeer? peer = null;
        try
        {
            var folder = await InstallAsync(cancellation);
            peer = new GraphilePeer(Start(folder, connectionString), Package, connectionString);
            var ready = await peer.AskAsync("init", null, cancellation);
            peer.Name = $"{Package} {ready["version"]}";
            return peer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (peer is not null) await peer.DisposeAsync();
            return new GraphilePeer(null, $"{Package} cannot run here: {exception.Message.ReplaceLineEndings(" ")}", connectionString);
        }
    }

    /// <returns>The rate that a command measured; NaN without the peer.</returns>
    public async Task<double> RateAsync(string command, object arguments, CancellationToken cancellation) =>
        Runs ? (await AskAsync(command, arguments, cancellation))["rate"]!.GetValue<double>() : double.NaN;

    /// <returns>Milliseconds from the call that enqueues to the first line of the task.</returns>
    public async Task<double[]> LatenciesAsync(int count, TimeSpan pause, CancellationToken cancellation) =>
        Runs ? [.. (await AskAsync("latency", new { count, pause = pause.TotalMilliseconds }, cancellation))["times"]!.AsArray().Select(time => time!.GetValue<double>())] : [];

    public async Task DoAsync(string command, object? arguments, CancellationToken cancellation)
    {
        if (Runs) await AskAsync(command, arguments, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonObject> AskAsync(string command, object? arguments, CancellationToken cancellation)
    {
        var request = arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject();
        request["command"] = command;
        await _process!.StandardInput.WriteLineAsync(request.ToJsonString().AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        var line = await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(cancellation));
        var answer = JsonNode.Parse(line)!.AsObject();
        return answer["error"] is { } error ? throw new InvalidOperationException(error.GetValue<string>()) : answer;
    }

    private static async Task<string> InstallAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "graphile")).FullName;
        if (Directory.Exists(Path.Combine(folder, "node_modules", Package))) return folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "private": true }""", cancellation);
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", Package, "pg"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = npm.StandardError.ReadToEndAsync(cancellation);
        await npm.StandardOutput.ReadToEndAsync(cancellation);
        await npm.WaitForExitAsync(cancellation);
        return npm.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm install failed: {await errors}");
    }

    private static Process Start(string folder, string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = JsonSerializer.Serialize(new { host = parts.Host, port = parts.Port, user = parts.Username, password = parts.Password, database = parts.Database });
        var script = Path.Combine(folder, "graphile.mjs");
        using (var source = typeof(GraphilePeer).Assembly.GetManifestResourceStream("graphile.mjs")!)
        using (var target = File.Create(script)) source.CopyTo(target);
        return Process.Start(new ProcessStartInfo("node", [script, settings])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
    }
}
