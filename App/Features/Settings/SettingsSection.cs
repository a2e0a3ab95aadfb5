using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Settings;

/// <summary>A section of typed options that a slice registered.</summary>
public abstract record SettingsSection(string Name, Type Options)
{
    /// <summary>What would be wrong with the section's values in <paramref name="configuration"/>; empty if they are good.</summary>
    public abstract IReadOnlyList<string> Check(IConfiguration configuration, IServiceProvider services);
}

/// <summary>A section whose options are <typeparamref name="TOptions"/>.</summary>
public sealed record SettingsSection<TOptions>(string Name) : SettingsSection(Name, typeof(TOptions)) where TOptions : class
{
    public override IReadOnlyList<string> Check(IConfiguration configuration, IServiceProvider services)
    {
        try
        {
            var options = Activator.CreateInstance<TOptions>();
            configuration.GetSection(Name).Bind(options);
            // The annotations' failures name the source of a value, which must be the candidate.
            return [.. services.GetServices<IValidateOptions<TOptions>>()
                .Select(validator => validator is SectionValidator<TOptions> ? new SectionValidator<TOptions>(Name, configuration) : validator)
                .SelectMany(validator => validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options) is { Failed: true } result ? result.Failures : [])];
        }
        catch (InvalidOperationException exception)
        {
            return [exception.Message];
        }
    }
}
