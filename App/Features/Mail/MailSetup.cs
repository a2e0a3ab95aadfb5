using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Mail;

public static class MailSetup
{
    public static Portal AddMail(this Portal portal)
    {
        portal
            .Permission(MailPermissions.Read, Roles.Operator, Roles.Auditor)
            .Permission(MailPermissions.Manage)
            .Topic<MailChanged>("mail")
            .Settings<MailOptions>(MailOptions.Section)
            .Health<MailHealthCheck>("mail")
            .Job<SendMail, SendMailHandler>()
            .PersonalData<MailPersonalData>();
        portal.Navigation(new NavigationEntry("/admin/mail", typeof(MailTexts), "Mail", NavigationGroup.Administration, "mail", MailPermissions.Read, 45));
        AddServices(portal.Services);
        portal.Services.AddHostedService<MailUpkeep>();
        return portal;
    }

    /// <summary>Without settings, jobs and upkeep; tests build it beside a node.</summary>
    internal static void AddServices(IServiceCollection services)
    {
        foreach (var template in MailTemplates.All) services.AddSingleton(template);
        services.AddSingleton<MailCatalog>();
        services.AddSingleton<MailRenderer>();
        services.AddSingleton<MailOutbox>();
        services.AddScoped<MailJournal>();
        services.AddScoped<MailTemplateService>();
        services.AddScoped<MailConnection>();
        services.AddScoped<MailDialogs>();
    }
}
