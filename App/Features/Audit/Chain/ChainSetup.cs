using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Audit.Chain;

public static class ChainSetup
{
    public static Portal AddAuditChain(this Portal portal)
    {
        portal.Permission(AuditPermissions.Verify, Roles.Auditor);
        portal.Settings<AuditOptions>(AuditOptions.Section);
        portal.Topic<AuditChainChanged>("audit.chain");
        portal.Health<AuditHealthCheck>("audit");
        portal.Verb<AuditVerifyVerb>("audit verify", "Says whether the audit is as it was written (exit code 1 if not, 2 if unknown).");
        portal.Job<VerifyAudit, VerifyAuditHandler>();
        portal.Job<TrimAudit, AuditRetention>();
        portal.Schedule("audit.retention", "0 50 2 * * ?", new TrimAudit());
        portal.Schedule("audit.verify", "0 20 3 * * ?", new VerifyAudit());
        AddChain(portal.Services);
        portal.Services.AddHostedService(services => services.GetRequiredService<AuditSealer>());
        portal.Services.AddScoped<AuditChain>();
        return portal;
    }

    /// <summary>What seals and verifies; tests build nodes of it.</summary>
    internal static void AddChain(IServiceCollection services)
    {
        services.AddSingleton<IAuditSql>(provider => provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres ? new PostgresAuditSql() : new SqlServerAuditSql());
        services.AddSingleton<ISeed, AuditProtectionSeed>();
        services.AddSingleton<ISeed, StaleAnchorSeed>();
        services.AddSingleton<ChainReader>();
        services.AddSingleton<ChainSigner>();
        services.AddSingleton<AnchorFile>();
        services.AddSingleton<ChainAnchors>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<Verifications>();
    }
}
