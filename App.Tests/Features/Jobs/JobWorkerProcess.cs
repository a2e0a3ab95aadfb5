using System.Diagnostics;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>A node of the engine in a process of its own, to be killed as a portal can be killed.</summary>
internal sealed class JobWorkerProcess : IDisposable
{
    public const string Verb = "job-worker";

    // Others wait for it to end, once the process is dead.
    private const double ShortLease = 5;

    private readonly Process _process;

    private JobWorkerProcess(Process process) => _process = process;

    public static async Task<JobWorkerProcess> StartAsync(string connectionString, string name)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(JobWorkerProcess).Assembly.Location, Verb, connectionString, name]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("ready");
        return new JobWorkerProcess(process);
    }

    /// <summary>What the process does: jobs named "sleep" never end, jobs named "exit" end the process.</summary>
    public static async Task<int> RunAsync(string connectionString, string name)
    {
        var work = new TestWork();
        work.On("sleep", (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        work.On("exit", _ => Process.GetCurrentProcess().Kill());
        await using var node = await new TestNode(connectionString, name, work, options: options => options.LeaseSeconds = ShortLease).StartAsync();
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        return 0;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync(new CancellationTokenSource(Eventually.DefaultTimeout).Token);

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
