using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents.Storage;

internal static class StorageSetup
{
    public static void AddStorage(this Portal portal)
    {
        portal.Topic<ContentErased>("documents.contents")
            .Job<EraseContents, EraseContentsHandler>()
            .Job<SweepContents, SweepContentsHandler>()
            .Schedule("documents.sweep", "0 40 3 * * ?", new SweepContents());
        portal.Services.AddSingleton(services => new ContentStore(services.GetRequiredService<DataDirectory>().Files, services.GetRequiredService<TimeProvider>()));
        portal.Services.AddSingleton<IContentStore>(services => services.GetRequiredService<ContentStore>());
        portal.Services.AddSingleton<PageImageCache>();
        portal.Services.AddHostedService<PageImageFollower>();
    }
}
