using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <param name="Lease">Seconds; longer than a busy machine may let a heartbeat wait. Shorter only where others wait for it to end.</param>
/// <param name="Bus">Messages between the processes by LISTEN and NOTIFY; without it only polling tells of work.</param>
/// <param name="Fault">Where the process kills itself.</param>
internal sealed record TortureWorkerSettings(
    string Connection, string Name, int Slots = 4, double Lease = 15, double Heartbeat = 0.5, double Shutdown = 0.2, int Poll = 100, bool Bus = false, string? Fault = null);

/// <summary>A worker in a process of its own.</summary>
internal sealed class TortureWorker : IDisposable
{
    public const string Verb = "torture-worker";

    private readonly Process _process;

    private TortureWorker(Process process, TortureWorkerSettings settings) => (_process, Settings) = (process, settings);

    public TortureWorkerSettings Settings { get; }

    public string Name => Settings.Name;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static TortureWorker Start(TortureWorkerSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TortureWorker).Assembly.Location, Verb, JsonSerializer.Serialize(settings)]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new TortureWorker(Process.Start(start)!, settings);
    }

    /// <summary>What the process does until it is told to stop, or whoever started it is gone.</summary>
    public static async Task<int> RunAsync(string json)
    {
        var settings = JsonSerializer.Deserialize<TortureWorkerSettings>(json)!;
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.TrySetResult();
        });
        var parent = new Thread(() =>
        {
            Console.In.ReadLine();
            stop.TrySetResult();
        }) { IsBackground = true };
        parent.Start();
        await using var ledger = new Ledger(settings.Connection);
        await using var node = new TestNode(settings.Connection, settings.Name, options: options =>
        {
            (options.Slots, options.LeaseSeconds, options.HeartbeatSeconds, options.ShutdownSeconds) = (settings.Slots, settings.Lease, settings.Heartbeat, settings.Shutdown);
            (options.LongestBackoffSeconds, options.StuckSeconds, options.PollMilliseconds) = (0.5, 0.5, settings.Poll);
        }, more: services =>
        {
            services.AddSingleton(settings).AddSingleton(ledger).AddScoped<TortureHandler>();
            services.AddSingleton(JobType.Of<TortureJob, TortureHandler>()).AddSingleton(JobType.Of<PoisonJob, TortureHandler>());
            if (settings.Bus) services.AddSingleton<PostgresNodeBus>().AddSingleton<INodeBus>(provider => provider.GetRequiredService<PostgresNodeBus>());
        });
        await node.StartAsync();
        if (settings.Bus) await node.Get<PostgresNodeBus>().StartAsync(CancellationToken.None);
        Console.WriteLine("ready");
        await stop.Task;
        await node.StopAsync();
        if (settings.Bus) await node.Get<PostgresNodeBus>().StopAsync(CancellationToken.None);
        return 0;
    }

    public async Task<TortureWorker> ReadyAsync()
    {
        (await _process.StandardOutput.ReadLineAsync()).ShouldBe("ready");
        return this;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks it to stop in order.</summary>
    public void Terminate() => Signal("TERM");

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public async Task ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }
}
