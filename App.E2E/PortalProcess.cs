using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>The real program in a process of its own, on a data directory of its own.</summary>
public sealed partial class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PortalProcess(Process process) => _process = process;

    public Uri Address => _address.Task.Result;

    /// <summary>Everything that it printed.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="dataDirectory">Kept between starts by whoever passes it again.</param>
    /// <param name="settings">Environment variables, for instance <c>Bootstrap__AdminEmail</c>.</param>
    /// <param name="url">Fixed address for restarts; port 0 otherwise.</param>
    public static async Task<PortalProcess> StartAsync(string dataDirectory, IReadOnlyDictionary<string, string?>? settings = null, string url = "http://127.0.0.1:0")
    {
        var portal = Launch(dataDirectory, settings, url);
        try
        {
            var address = await portal._address.Task.WaitAsync(StartLimit);
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
            await Eventually.Holds(async () =>
            {
                if (portal.HasExited) throw new InvalidOperationException($"The portal ended with code {portal.ExitCode}:\n{portal.Output}");
                using var response = await client.GetAsync("/health/ready");
                return response.IsSuccessStatusCode;
            }, StartLimit, "the portal is ready");
            return portal;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await portal.DisposeAsync();
            throw new InvalidOperationException($"The portal did not become ready.\n{portal.Output}", exception);
        }
    }

    /// <summary>Starts the program without waiting for anything, with further arguments: for verbs and refused starts.</summary>
    public static PortalProcess Launch(string dataDirectory, IReadOnlyDictionary<string, string?>? settings, string url, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(Places.Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(url);
        start.Environment["DataDirectory"] = dataDirectory;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        // What the browser's console says of a refused event then tells why.
        start.Environment["ASPNETCORE_DETAILEDERRORS"] = "true";
        if (settings?.Keys.Any(OwnDatabase) != true && GivenDatabases.For(dataDirectory) is { } given) start.Environment[given.Setting] = given.ConnectionString;
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var portal = new PortalProcess(process);
        process.OutputDataReceived += (_, line) => portal.Take(line.Data);
        process.ErrorDataReceived += (_, line) => portal.Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return portal;
    }

    /// <summary>The one-time code that the first start prints.</summary>
    public async Task<string> SetupCodeAsync()
    {
        await Eventually.Holds(() => Task.FromResult(SetupCodePattern().IsMatch(Output)), what: "the set-up code is printed");
        return SetupCodePattern().Match(Output).Groups["code"].Value;
    }

    /// <summary>Ends it at once, without a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException($"The portal did not stop within 40 s.\n{Output}");
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartLimit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await StopAsync();
        _process.Dispose();
    }

    // A test that is about the choice of the database, or about the embedded one, makes it itself.
    private static bool OwnDatabase(string setting) => setting.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || setting.StartsWith("Database__", StringComparison.Ordinal);

    private void Take(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        if (ListeningPattern().Match(line) is { Success: true } found) _address.TrySetResult(new Uri(found.Groups["url"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://\S+)")]
    private static partial Regex ListeningPattern();

    [GeneratedRegex(@"^\s+Code: (?<code>\S+)", RegexOptions.Multiline)]
    private static partial Regex SetupCodePattern();
}
