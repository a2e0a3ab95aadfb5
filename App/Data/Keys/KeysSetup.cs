using BlazorAdmin.Shell;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Data.Keys;

public static class KeysSetup
{
    /// <summary>Root key outside the database, data-protection keys inside it under the root key.</summary>
    public static Portal AddKeys(this Portal portal)
    {
        portal.Services.AddSingleton<RootKey>();
        portal.Services.AddSingleton<RootKeyFile>();
        portal.Services.AddSingleton<SecretBox>();
        portal.Services.AddSingleton<ISeed, RootKeySeed>();
        portal.Services.AddSingleton<IXmlRepository, DatabaseKeyRepository>();
        portal.Services.AddDataProtection().SetApplicationName("BlazorAdmin");
        portal.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = services.GetRequiredService<IXmlRepository>();
            options.XmlEncryptor = new RootKeyXmlEncryptor(services.GetRequiredService<SecretBox>());
        }));
        return portal;
    }

    /// <summary>
    /// The framework reads the keys while the host starts, when the database may not be reachable yet; without that service
    /// they are read at the first request, which the database gate lets through only when it is ready. To be called last:
    /// authentication and antiforgery register it again.
    /// </summary>
    public static void ReadKeysLazily(IServiceCollection services)
    {
        foreach (var eager in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService").ToList()) services.Remove(eager);
    }
}
