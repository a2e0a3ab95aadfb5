using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Settings;

/// <summary>A section of typed options that a slice registered.</summary>
public abstract record SettingsSection(string Name, Type Options)
{
    /// <summary>What would be wrong with the section's values in <paramref name="configuration"/>; empty if they are good.</summary>
    public abstract IReadOnlyList<SettingIssue> Check(IConfiguration configuration, IServiceProvider services);
}

/// <summary>A section whose options are <typeparamref name="TOptions"/>.</summary>
public sealed record SettingsSection<TOptions>(string Name) : SettingsSection(Name, typeof(TOptions)) where TOptions : class
{
    public override IReadOnlyList<SettingIssue> Check(IConfiguration configuration, IServiceProvider services)
    {
        try
        {
            var options = Activator.CreateInstance<TOptions>();
            configuration.GetSection(Name).Bind(options);
            return [.. services.GetServices<IValidateOptions<TOptions>>().SelectMany(validator => Check(validator, options, configuration))];
        }
        catch (InvalidOperationException exception)
        {
            return [new SettingIssue(null, SettingFault.Other, exception.Message)];
        }
    }

    private IEnumerable<SettingIssue> Check(IValidateOptions<TOptions> validator, TOptions options, IConfiguration configuration) => validator is SectionValidator<TOptions>
        ? new SectionValidator<TOptions>(Name, configuration).Issues(options)
        : validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options) is { Failed: true } result ? result.Failures.Select(failure => new SettingIssue(null, SettingFault.Other, failure)) : [];
}
