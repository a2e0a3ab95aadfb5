using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Settings;

/// <summary>
/// Makes the options of a section. Once good options exist, values that cannot be read or fail a check change nothing: the
/// last good options stay and <see cref="SettingsStatus"/> says why. At the start there are none, and the portal does not start.
/// </summary>
public sealed class LastGoodOptionsFactory<TOptions>(
    SettingsSection<TOptions> section, IEnumerable<IConfigureOptions<TOptions>> setups, IEnumerable<IPostConfigureOptions<TOptions>> postConfigures,
    IEnumerable<IValidateOptions<TOptions>> validations, SettingsStatus status) : IOptionsFactory<TOptions> where TOptions : class
{
    private readonly OptionsFactory<TOptions> _inner = new(setups, postConfigures, validations);
    private TOptions? _lastGood;

    /// <exception cref="StartupException">The values are wrong and no good ones were there before.</exception>
    public TOptions Create(string name)
    {
        try
        {
            var options = _inner.Create(name);
            if (name == Options.DefaultName) Volatile.Write(ref _lastGood, options);
            status.Resolve(section.Name);
            return options;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            var message = Describe(exception);
            if (name != Options.DefaultName || Volatile.Read(ref _lastGood) is not { } lastGood)
                throw new StartupException($"{message} Correct it in that place, or give a good value on the command line or in the environment.", exception);
            status.Report(section.Name, message);
            return lastGood;
        }
    }

    private static string Describe(Exception exception) =>
        exception is OptionsValidationException failed ? string.Join(" ", failed.Failures) : $"{exception.Message.TrimEnd('.')}.";
}
