using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorAdmin.Tests;

/// <summary>The program itself, started on a free port and a database of its own, with the pipeline that people get.</summary>
public sealed class RunningPortal : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly TestDatabase _database;
    private readonly IHost _host;
    private readonly Task<int> _main;

    private RunningPortal(TestFolder folder, TestDatabase database, IHost host, Task<int> main)
    {
        (_folder, _database, _host, _main) = (folder, database, host, main);
        Address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => _host.Services;

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Starts it; <paramref name="arguments"/> are those of the command line.</summary>
    public static Task<RunningPortal> StartAsync(params string[] arguments) => StartAsync(_ => Task.CompletedTask, arguments);

    /// <summary>Starts it on a database that <paramref name="prepare"/> has written to, as an earlier run would have.</summary>
    public static async Task<RunningPortal> StartAsync(Func<AppDbContext, Task> prepare, params string[] arguments)
    {
        var folder = new TestFolder();
        var database = await TestDatabase.CreateAsync();
        await using (var db = new TestDatabases(database.ConnectionString).CreateDbContext())
        using (AuditScope.EngineOwn())
            await prepare(db);
        string[] all = [$"--DataDirectory={folder.Path}", $"--ConnectionStrings:{TestServer.Provider}={database.ConnectionString}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", .. arguments];
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = HostWatch.Next(built);
        var main = Task.Factory.StartNew(() => (int)typeof(BlazorAdmin.Data.AppDbContext).Assembly.EntryPoint!.Invoke(null, [all])!, TaskCreationOptions.LongRunning);
        try
        {
            if (await Task.WhenAny(built.Task, main) == main) throw new InvalidOperationException($"The portal ended with {await main} before it was built.");
            var host = await built.Task;
            var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            await Eventually.Holds(() => lifetime.ApplicationStarted.IsCancellationRequested || main.IsCompleted, TimeSpan.FromSeconds(60), "the portal serves");
            if (main.IsCompleted) throw new InvalidOperationException($"The portal ended with {await main}.");
            return new RunningPortal(folder, database, host, main);
        }
        catch
        {
            await database.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _main;
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Sees the hosts that the current flow of execution builds.</summary>
    private sealed class HostWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private static readonly AsyncLocal<HostWatch?> Current = new();

        private readonly TaskCompletionSource<IHost> _built;
        private readonly List<IDisposable> _subscriptions = [];

        private HostWatch(TaskCompletionSource<IHost> built)
        {
            _built = built;
            Current.Value = this;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public static IDisposable Next(TaskCompletionSource<IHost> built) => new HostWatch(built);

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting") _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "HostBuilt" && Current.Value == this) _built.TrySetResult((IHost)value.Value!);
        }

        public void OnCompleted()
        {
            // Nothing follows.
        }

        public void OnError(Exception error) => _built.TrySetException(error);

        public void Dispose()
        {
            foreach (var subscription in _subscriptions) subscription.Dispose();
        }
    }
}
