using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Audit;

public static class AuditSetup
{
    public static Portal AddAudit(this Portal portal)
    {
        portal.Permission(AuditPermissions.Read, Roles.Auditor);
        portal.Topic<AuditWritten>("audit");
        portal.Navigation(new NavigationEntry("/admin/audit", typeof(AuditTexts), "Audit", NavigationGroup.Administration, "audit", AuditPermissions.Read, 30));
        portal.Widget(new DashboardWidget("audit.recent", typeof(AuditTexts), "RecentWidget", typeof(RecentAuditWidget), AuditPermissions.Read, 8, 50)
        {
            DescriptionKey = "AboutRecent", Height = 6, LeastWidth = 3, LeastHeight = 3,
            Settings = [WidgetSetting.Number(RecentAuditWidget.Rows, "RowsShown", 3, 20, RecentAuditWidget.UsualRows), WidgetSetting.Toggle(RecentAuditWidget.OnlyFailures, "OnlyFailures")],
        });
        portal.Services.AddSingleton<AuditSignal>();
        portal.Services.AddSingleton<IInterceptor>(services => services.GetRequiredService<AuditSignal>());
        portal.Services.AddScoped<AuditLog>();
        portal.PersonalData<AuditPersonalData>();
        portal.Services.AddScoped<AuditTimeline>();
        portal.Services.AddScoped<AuditActors>();
        return portal.AddAuditChain();
    }

    public static void MapAudit(this WebApplication app) => app.MapListExport(
        "/admin/audit/export", "audit", AuditExport.Columns, AuditLog.Defaults,
        static (services, query, cancellation) => services.GetRequiredService<AuditLog>().ExportAsync(query, cancellation)).RequireAuthorization(AuditPermissions.Read);
}
