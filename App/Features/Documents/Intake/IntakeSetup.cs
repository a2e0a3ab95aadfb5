using BlazorAdmin.Features.Documents.Converter;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents.Intake;

internal static class IntakeSetup
{
    public static void AddIntake(this Portal portal)
    {
        portal.Topic<WatchChanged>("documents.watch")
            .NotificationKind<IntakeTexts>("documents.folder", "KindFolder")
            .Health<WatchHealthCheck>("watched-folders");
        portal.Services.AddSingleton<IncomingFiles>();
        portal.Services.AddScoped<UploadService>();
        portal.Services.AddScoped<UploadFinisher>();
        portal.Services.AddHostedService<UploadCleanUp>();
        portal.Services.AddSingleton<FileTaking>();
        portal.Services.AddSingleton<FolderLook>();
        portal.Services.AddHostedService<FolderWatch>();
        portal.Services.AddScoped<WatchService>();
        portal.Services.AddSingleton<ConverterRuns>();
        portal.Services.AddScoped<ConverterService>();
        portal.Services.AddHostedService<ConverterCleanUp>();
    }
}
