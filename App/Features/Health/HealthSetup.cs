using BlazorAdmin.Shell;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Health;

public static class HealthSetup
{
    public static Portal AddHealth(this Portal portal)
    {
        portal.Settings<HealthOptions>(HealthOptions.Section);
        portal.Topic<HealthChanged>("health");
        portal.Navigation(new NavigationEntry("/admin/health", typeof(HealthTexts), "Health", NavigationGroup.Operations, "health", ShellSetup.HealthRead, 45));
        // The framework's own waits for the slowest check, for ever if need be.
        portal.Services.AddHealthChecks();
        portal.Services.Replace(ServiceDescriptor.Singleton<HealthCheckService, PatientHealthChecks>());
        portal.Services.AddSingleton<HealthWatch>();
        portal.Services.AddHostedService(services => services.GetRequiredService<HealthWatch>());
        portal.Services.AddScoped<HealthService>();
        return portal;
    }
}
