using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Monitor.Otlp;

public static class OtlpSetup
{
    public static Portal AddOtlp(this Portal portal)
    {
        portal.Settings<OtlpOptions>(OtlpOptions.Section).Health<OtlpHealth>("otlp");
        portal.Services.AddSingleton<OtlpState>();
        portal.Services.AddHostedService<OtlpPush>();
        return portal;
    }
}
