using BlazorAdmin.Features.Checklist.Items;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Checklist;

public static class ChecklistSetup
{
    public const string Route = "/admin/system/checklist";

    public static Portal AddChecklist(this Portal portal)
    {
        portal
            .Topic<ChecklistChanged>("checklist")
            .Action(new PaletteAction(typeof(ChecklistTexts), "OpenChecklist", "check", SettingsPermissions.Read, Route))
            .Widget(new DashboardWidget("checklist", typeof(ChecklistTexts), "Checklist", typeof(ChecklistWidget), SettingsPermissions.Manage, 12, 1)
            {
                DescriptionKey = "AboutChecklist", Height = 4, LeastWidth = 4, IsWanted = services => services.GetRequiredService<ChecklistStatus>().IsAnythingOpen,
            })
            .ChecklistItem<TlsItem>().ChecklistItem<RecoveryKeyItem>().ChecklistItem<BackupItem>().ChecklistItem<MailItem>()
            .ChecklistItem<SecondAdministratorItem>().ChecklistItem<AdministratorFactorsItem>().ChecklistItem<AuditAnchorItem>();
        portal.Services.AddSingleton<ChecklistStatus>();
        portal.Services.AddSingleton<ChecklistMeasure>();
        portal.Services.AddHostedService<ChecklistWatch>();
        portal.Services.AddScoped<ChecklistService>();
        return portal;
    }
}
