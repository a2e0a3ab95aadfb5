using BlazorAdmin.Data;
using BlazorAdmin.Data.Embedded;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Shell;

/// <summary>
/// What must stand before a service exists: content root, configuration, data directory, node name, and the embedded
/// database if no other is configured. Ends in the reverse order.
/// </summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly WebApplicationBuilder _builder;
    private readonly NodeIdentity _node;
    private readonly string[] _args;
    private readonly string _contentRoot;
    private readonly DataDirectory _data;
    private readonly DatabaseChoice _choice;
    private string? _connectionString;
    private EmbeddedPostgres? _server;
    private ILoggerFactory? _logs;

    private PortalHost(WebApplicationBuilder builder, string[] args, string contentRoot, DataDirectory data, DatabaseChoice choice, NodeIdentity node)
    {
        (_builder, _args, _contentRoot, _data, _choice, _node) = (builder, args, contentRoot, data, choice, node);
        Portal = new Portal(builder);
    }

    public Portal Portal { get; }

    /// <exception cref="StartupException">A setting is missing or wrong, a directory is in use.</exception>
    public static PortalHost Create(string[] args)
    {
        var published = !File.Exists(Path.Combine(AppContext.BaseDirectory, "BlazorAdmin.staticwebassets.runtime.json"));
        var contentRoot = published ? AppContext.BaseDirectory : RepositoryRoot();
        var time = TimeProvider.System;
        var builder = CreateBuilder(args, contentRoot);
        if (!published) builder.WebHost.UseStaticWebAssets();
        builder.AddSettingsSources(contentRoot, time);
        var data = DataDirectory.From(builder.Configuration, contentRoot, published);
        var choice = DatabaseChoice.From(builder.Configuration);
        var model = DataSetup.BuildModelAsync(choice.Provider);
        var node = NodeIdentity.Take(data, builder.Configuration["Node:Name"], time);
        var host = new PortalHost(builder, args, contentRoot, data, choice, node);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(data);
        builder.Services.AddSingleton(choice);
        builder.Services.AddSingleton(node.Info);
        host.Portal.AddData(choice.Provider, () => host._connectionString ?? throw new InvalidOperationException("The database was asked for before it was started."), model);
        return host;
    }

    /// <summary>Starts the embedded database if no other is configured. Comes after the slices are registered and before <see cref="Build"/>.</summary>
    /// <exception cref="StartupException">The database cannot be started.</exception>
    public async Task StartDatabaseAsync() =>
        _connectionString = _choice.ConnectionString ?? await StartServerAsync(_data, _contentRoot, CommandLine.NamesVerb(_args));

    public WebApplication Build()
    {
        KeysSetup.ReadKeysLazily(Portal.Services);
        return _builder.Build();
    }

    /// <summary>Serves until stopped.</summary>
    public async Task RunAsync(WebApplication app)
    {
        // The host would do the same, with a stack trace instead of a line.
        app.Services.GetService<IStartupValidator>()?.Validate();
        // Asked for before the host is disposed of.
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.Services.GetRequiredService<DatabaseStartup>().PrepareAsync(app.Lifetime.ApplicationStopping);
            await app.Services.GetRequiredService<DatabaseSettingsLoader>().LoadAtStartAsync(app.Lifetime.ApplicationStopping);
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it had fully started.
        }

        if (DatabaseStartup.Failure is { } failure) throw failure;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _node.Dispose();
        _logs?.Dispose();
    }

    /// <summary>Starts the embedded server; a verb of the command line also works beside a portal that already runs it.</summary>
    private async Task<string> StartServerAsync(DataDirectory data, string contentRoot, bool beside)
    {
        _logs = LoggerFactory.Create(logging => logging.AddConfiguration(Portal.Configuration.GetSection("Logging")).AddConsole());
        try
        {
            _server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = data.Path, BinariesDirectory = PostgresBinaries.Locate(contentRoot) },
                _logs.CreateLogger<EmbeddedPostgres>());
            return _server.ConnectionString;
        }
        catch (EmbeddedPostgresException exception)
        {
            if (beside && EmbeddedPostgres.FindRunning(data.Path) is { } running) return running;
            throw new StartupException(exception.Message, exception);
        }
    }

    private static WebApplicationBuilder CreateBuilder(string[] args, string contentRoot)
    {
        try
        {
            return WebApplication.CreateBuilder(new WebApplicationOptions { Args = CommandLine.SettingsOf(args), ContentRootPath = contentRoot, ApplicationName = "BlazorAdmin" });
        }
        catch (InvalidDataException exception)
        {
            throw new StartupException($"{exception.Message} {exception.GetBaseException().Message} Correct the file.".ReplaceLineEndings(" "), exception);
        }
    }

    // Built but not published: the repository is the content root, wherever the program is started from.
    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BlazorAdmin.sln")))
                return folder.FullName;
        return Directory.GetCurrentDirectory();
    }
}
