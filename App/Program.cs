using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Checklist;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Health;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Export;
using BlazorAdmin.Features.Monitor.Otlp;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

try
{
    await using var host = PortalHost.Create(args);
    host.Portal
        .AddLive()
        .AddSecurity()
        .AddShell()
        .AddSettings()
        .AddLogs()
        .AddAccount()
        .AddUsers()
        .AddDirectories()
        .AddAudit()
        .AddTokens()
        .AddFlags()
        .AddNotifications()
        .AddDrafts()
        .AddJobs()
        .AddMail()
        .AddDocuments()
        .AddMonitor()
        .AddMetricsExport()
        .AddOtlp()
        .AddBackup()
        .AddHealth()
        .AddChecklist()
        .AddDashboard();

    if (CommandLine.Refuses(args, host.Portal.Verbs, Console.Error)) return 2;
    await host.StartDatabaseAsync();
    await using var app = host.Build();
    if (await CommandLine.TryRunAsync(app, args, host.Portal.Verbs) is { } exitCode) return exitCode;
    app.UsePortal();
    app.MapShell();
    app.MapAccount();
    app.MapUsers();
    app.MapAudit();
    app.MapJobs();
    app.MapDocuments();
    app.MapMonitor();
    app.MapMetricsExport();
    app.MapLogs();
    app.MapSettings();
    app.MapFlags();
    app.MapDrafts();
    await host.RunAsync(app);
    return 0;
}
catch (StartupException exception)
{
    await Console.Error.WriteLineAsync($"BlazorAdmin cannot start: {exception.Message}");
    return 1;
}
