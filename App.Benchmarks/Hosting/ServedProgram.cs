using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>A web program in a process of its own, started, asked and ended by the benchmark.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _heapSocket;
    private Socket? _heap;

    private ServedProgram(Process process, Uri address, string heapSocket) => (_process, Address, _heapSocket) = (process, address, heapSocket);

    public Uri Address { get; }

    /// <summary>From the start of the process to the first good answer of the ready address.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <param name="program">The program: an assembly, or an executable that brings the runtime.</param>
    /// <param name="arguments">Its arguments but the address.</param>
    /// <param name="readyPath">Answers 200 once the program serves.</param>
    /// <param name="observed">Whether the heap agent is loaded into it; not for a figure of its start.</param>
    public static async Task<ServedProgram> StartAsync(string program, IEnumerable<string> arguments, string readyPath, bool observed, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        string[] command = Path.GetExtension(program) == ".dll" ? ["dotnet", program] : [program];
        var heapSocket = Path.Combine(Path.GetTempPath(), $"heap-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments, "--urls", address.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        if (observed)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ServedProgram).Assembly.Location;
            start.Environment[HeapAgent.SocketVariable] = heapSocket;
        }

        var began = Stopwatch.GetTimestamp();
        var served = new ServedProgram(Process.Start(start)!, address, heapSocket);
        try
        {
            served.KeepOutput();
            await served.WaitUntilReadyAsync(readyPath, cancellation);
            served.StartTime = Stopwatch.GetElapsedTime(began);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>What all its threads have computed so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that the process has from the system now.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Bytes that are alive after full collections.</summary>
    public async Task<long> LiveHeapAsync(CancellationToken cancellation)
    {
        if (_heap is null)
        {
            _heap = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await _heap.ConnectAsync(new UnixDomainSocketEndPoint(_heapSocket), cancellation);
        }

        await _heap.SendAsync("?"u8.ToArray(), cancellation);
        var answer = new byte[64];
        var read = await _heap.ReceiveAsync(answer, cancellation);
        return long.Parse(Encoding.ASCII.GetString(answer, 0, read), CultureInfo.InvariantCulture);
    }

    /// <summary>What it has written so far, for messages.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _heap?.Dispose();
        if (!_process.HasExited)
        {
            // In order, so that an embedded server ends with it; by force only if that takes too long.
            using (var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await stop.WaitForExitAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
        File.Delete(_heapSocket);
    }

    private async Task WaitUntilReadyAsync(string path, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = StartLimit };
        var limit = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The program ended with {_process.ExitCode} before it served.\n{Output}");
            if (Stopwatch.GetElapsedTime(limit) > StartLimit) throw new InvalidOperationException($"{path} was not ready after {StartLimit.TotalSeconds:0} s.\n{Output}");
            try
            {
                using var answer = await http.GetAsync(path, cancellation);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }
    }

    private void KeepOutput()
    {
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_output) _output.AppendLine(line.Data);
        }

        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
