using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>
/// A node of the job engine in this process, put together as the portal puts it together: its contexts with all their
/// interceptors, LISTEN/NOTIFY, its settings' defaults. Only the web server and the services of other slices stay away.
/// </summary>
internal sealed class EngineNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<IHostedService> _started = [];

    private EngineNode(WebApplication app) => _app = app;

    public BenchWork Work => Get<BenchWork>();

    public IDbContextFactory<AppDbContext> Databases => Get<IDbContextFactory<AppDbContext>>();

    /// <param name="more">Registers what only one figure wants.</param>
    public static EngineNode Create(string connectionString, string folder, Action<Shell.Portal>? more = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = folder, Args = ["--Logging:LogLevel:Default=Warning"] });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new DataDirectory(folder));
        builder.Services.AddSingleton(new DatabaseChoice(DatabaseProvider.Postgres, connectionString));
        builder.Services.AddSingleton(new NodeInfo("bench", Guid.NewGuid(), DateTimeOffset.UtcNow));
        builder.Services.AddSingleton<BenchWork>();
        var portal = new Shell.Portal(builder);
        portal.AddData(DatabaseProvider.Postgres, () => connectionString, DataSetup.BuildModelAsync(DatabaseProvider.Postgres)).AddLive().AddSecurity().AddAudit().AddNotifications().AddMail().AddJobs();
        portal.Job<NoopJob, BenchHandler>().Job<ProbeJob, BenchHandler>().Job<TickedJob, BenchHandler>();
        more?.Invoke(portal);
        var app = builder.Build();
        app.Services.GetRequiredService<DatabaseState>().SetReady();
        return new EngineNode(app);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public IServiceScope Scope() => _app.Services.CreateScope();

    /// <summary>Connects to the other nodes, as every process of the portal does.</summary>
    public Task ConnectAsync(CancellationToken cancellation) => StartAsync(service => service is NodeBus, cancellation);

    /// <summary>Starts everything that the engine runs in the background.</summary>
    public Task StartAsync(CancellationToken cancellation) =>
        StartAsync(service => service is NodeBus || service.GetType().Namespace?.StartsWith(typeof(JobRunner).Namespace!, StringComparison.Ordinal) == true, cancellation);

    /// <summary>Completes when the end of every run is written.</summary>
    public async Task WhenWrittenAsync(CancellationToken cancellation)
    {
        var running = Get<RunningJobs>();
        while (running.Count > 0) await Task.Delay(1, cancellation);
    }

    /// <returns>The time of the commit's call and of the handler's first line, for one job.</returns>
    public async Task<TimeSpan> StartOfProbeAsync(int number, CancellationToken cancellation)
    {
        var begun = Work.Probes[number] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var db = await Databases.CreateDbContextAsync(cancellation);
        var from = System.Diagnostics.Stopwatch.GetTimestamp();
        db.Enqueue(new ProbeJob(number), Caller.Portal, DateTimeOffset.UtcNow, new EnqueueOptions { Priority = 10 });
        await db.SaveChangesAsync(cancellation);
        return System.Diagnostics.Stopwatch.GetElapsedTime(from, await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_started)) await service.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task StartAsync(Func<IHostedService, bool> wanted, CancellationToken cancellation)
    {
        foreach (var service in _app.Services.GetServices<IHostedService>().Where(wanted))
        {
            await service.StartAsync(cancellation);
            _started.Add(service);
        }
    }
}
