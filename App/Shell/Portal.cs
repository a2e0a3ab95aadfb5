using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Shell;

/// <summary>
/// What a slice tells the portal at start, in its <c>XSetup.cs</c>: services, permissions, navigation, widgets, settings,
/// health checks, job types. Everything that lists slices reads these registrations; nothing names a slice elsewhere.
/// </summary>
public sealed class Portal(WebApplicationBuilder builder)
{
    private readonly List<CommandLineVerb> _verbs = [];

    /// <summary>Those registered so far.</summary>
    public IReadOnlyList<CommandLineVerb> Verbs => _verbs;

    public IServiceCollection Services => builder.Services;

    public IConfiguration Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    /// <summary>Registers a permission and the built-in roles that have it in a new installation (administrators always do).</summary>
    public Portal Permission(string name, params string[] defaultRoles)
    {
        Services.AddSingleton(new Permission(name, defaultRoles));
        return this;
    }

    /// <summary>Registers a permission that only reads though its name does not say so, or that is about one's own things.</summary>
    public Portal Permission(Permission permission)
    {
        Services.AddSingleton(permission);
        return this;
    }

    public Portal Navigation(NavigationEntry entry)
    {
        Services.AddSingleton(entry);
        return this;
    }

    public Portal Widget(DashboardWidget widget)
    {
        Services.AddSingleton(widget);
        return this;
    }

    /// <summary>A component of the top bar, for instance the bell.</summary>
    public Portal TopBar<TComponent>(int order) where TComponent : Microsoft.AspNetCore.Components.IComponent
    {
        Services.AddSingleton(new TopBarItem(typeof(TComponent), order));
        return this;
    }

    /// <summary>An action of the command palette.</summary>
    public Portal Action(PaletteAction action)
    {
        Services.AddSingleton(action);
        return this;
    }

    /// <summary>Finds things for the command palette.</summary>
    public Portal Search<TProvider>() where TProvider : class, ISearchProvider
    {
        Services.AddScoped<ISearchProvider, TProvider>();
        return this;
    }

    /// <summary>Announces a topic; inject it as <see cref="Topic{T}"/>.</summary>
    public Portal Topic<T>(string name) where T : class
    {
        Services.AddSingleton(provider => new Topic<T>(name, provider.GetRequiredService<INodeBus>(), provider.GetRequiredService<ILogger<Topic<T>>>()));
        Services.AddSingleton<ITopic>(provider => provider.GetRequiredService<Topic<T>>());
        return this;
    }

    /// <summary>Binds and validates a section of the configuration; use it through <c>IOptionsMonitor</c>, it changes while running.</summary>
    /// <param name="section">Name of the section, also its title in the System tab's texts.</param>
    public Portal Settings<TOptions>(string section) where TOptions : class
    {
        var registered = new SettingsSection<TOptions>(section);
        Services.TryAddSingleton(new SettingsStatus(TimeProvider.System));
        Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        Services.AddSingleton<IValidateOptions<TOptions>>(provider => new SectionValidator<TOptions>(section, provider.GetRequiredService<IConfiguration>()));
        Services.AddSingleton<IOptionsFactory<TOptions>, LastGoodOptionsFactory<TOptions>>();
        Services.AddSingleton(registered);
        Services.AddSingleton<SettingsSection>(registered);
        return this;
    }

    /// <summary>A component of <c>/health</c>.</summary>
    public Portal Health<TCheck>(string name) where TCheck : class, IHealthCheck
    {
        Services.AddHealthChecks().AddCheck<TCheck>(name);
        return this;
    }

    /// <summary>A verb of the command line.</summary>
    /// <param name="name">The words that call it, for instance <c>admin link</c>.</param>
    /// <param name="summary">One line for the help.</param>
    public Portal Verb<TVerb>(string name, string summary) where TVerb : class, ICommandLineVerb
    {
        Services.AddScoped<TVerb>();
        _verbs.Add(new CommandLineVerb(name, summary, typeof(TVerb)));
        return this;
    }

    /// <summary>Registers a kind of notification, so that people can choose how to hear of it.</summary>
    public Portal NotificationKind<TTexts>(string name, string titleKey, bool isSecurity = false)
    {
        Services.AddSingleton(new NotificationKind(name, typeof(TTexts), titleKey, isSecurity));
        return this;
    }

    /// <summary>Registers what a slice holds about people: their export and their deletion come by it.</summary>
    public Portal PersonalData<TPart>() where TPart : class, IPersonalData
    {
        Services.AddScoped<IPersonalData, TPart>();
        return this;
    }

    /// <summary>Registers the handler of the jobs whose arguments are <typeparamref name="TArguments"/>.</summary>
    public Portal Job<TArguments, THandler>() where TArguments : class where THandler : class, IJobHandler<TArguments>
    {
        Services.AddScoped<THandler>();
        Services.AddSingleton(JobType.Of<TArguments, THandler>());
        return this;
    }
}
