using BlazorAdmin.Data;

namespace BlazorAdmin.Shell;

/// <summary>
/// What must stand before a service exists: content root, configuration, data directory, node name, and the embedded
/// database if no other is configured. Ends in the reverse order.
/// </summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly WebApplicationBuilder _builder;
    private readonly NodeIdentity _node;

    private PortalHost(WebApplicationBuilder builder, NodeIdentity node)
    {
        _builder = builder;
        _node = node;
        Portal = new Portal(builder);
    }

    public Portal Portal { get; }

    /// <exception cref="StartupException">A setting is missing or wrong, a directory is in use, the database cannot be started.</exception>
    public static async Task<PortalHost> CreateAsync(string[] args)
    {
        var published = !File.Exists(Path.Combine(AppContext.BaseDirectory, "BlazorAdmin.staticwebassets.runtime.json"));
        var contentRoot = published ? AppContext.BaseDirectory : RepositoryRoot();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = contentRoot, ApplicationName = "BlazorAdmin" });
        if (!published) builder.WebHost.UseStaticWebAssets();
        var time = TimeProvider.System;
        var data = DataDirectory.From(builder.Configuration, contentRoot, published);
        var choice = DatabaseChoice.From(builder.Configuration);
        var node = NodeIdentity.Take(data, builder.Configuration["Node:Name"], time);
        var host = new PortalHost(builder, node);
        try
        {
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton(data);
            builder.Services.AddSingleton(choice);
            builder.Services.AddSingleton(node.Info);
            var connection = choice.ConnectionString ?? throw new StartupException("No connection string is set.");
            host.Portal.AddData(choice.Provider, connection);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public WebApplication Build() => _builder.Build();

    /// <summary>Serves until stopped.</summary>
    public async Task RunAsync(WebApplication app)
    {
        await app.RunAsync();
        if (DatabaseStartup.Failure is { } failure) throw failure;
    }

    public ValueTask DisposeAsync()
    {
        _node.Dispose();
        return ValueTask.CompletedTask;
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
