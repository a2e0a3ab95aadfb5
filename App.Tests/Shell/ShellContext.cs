using System.Globalization;
using BlazorAdmin.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Shell;

/// <summary>A bunit context with what every component of the shell needs, in a chosen language.</summary>
public sealed class ShellContext : BunitContext
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;
    private readonly CultureInfo _beforeUi = CultureInfo.CurrentUICulture;

    public ShellContext(string culture = "en")
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<Display>();
        Services.AddScoped<Toasts>();
        Services.AddScoped<Confirmations>();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_before, _beforeUi);
    }
}
