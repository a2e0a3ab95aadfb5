using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Converter;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Documents.Viewing;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents;

public static class DocumentsSetup
{
    public static Portal AddDocuments(this Portal portal)
    {
        portal.Permission(new Permission(DocumentsPermissions.Own, [Roles.Member, Roles.Support, Roles.Editor, Roles.Operator, Roles.Auditor]) { Reads = true, OfOthers = DocumentsPermissions.Read })
            .Permission(DocumentsPermissions.Read, Roles.Editor, Roles.Auditor)
            .Permission(DocumentsPermissions.Manage, Roles.Editor)
            .Permission(DocumentsPermissions.ManageCollections)
            .Topic<DocumentChanged>("documents")
            .Topic<CollectionsChanged>("documents.collections")
            .Flag(DocumentsFlags.Upload, typeof(DocumentsTexts), "FlagUpload")
            .Settings<ReadingOptions>(ReadingOptions.Section)
            .Health<ReadingHealthCheck>("documents")
            .Search<DocumentSearch>()
            .Job<ReadDocument, ReadDocumentHandler>()
            .Job<EraseDocument, EraseDocumentHandler>()
            .Job<ChangeDocuments, ChangeDocumentsHandler>()
            .Job<MoveCollection, MoveCollectionHandler>()
            .Job<ApplyRetention, ApplyRetentionHandler>()
            .Job<ApplyRetentionRule, ApplyRetentionRuleHandler>()
            .Schedule("documents.retention", "0 15 2 * * ?", new ApplyRetention())
            .Navigation(new NavigationEntry("/documents", typeof(DocumentsTexts), "MyDocuments", NavigationGroup.People, "document", DocumentsPermissions.Own, 20))
            .Navigation(new NavigationEntry("/admin/documents", typeof(DocumentsTexts), "Documents", NavigationGroup.Content, "folder", DocumentsPermissions.Read, 10) { Badge = typeof(DocumentsBadge) })
            .Widget(new DashboardWidget("documents.reading", typeof(DocumentsTexts), "WidgetTitle", typeof(DocumentsWidget), DocumentsPermissions.Own, 4, 30)
            {
                DescriptionKey = "AboutWidget", LeastWidth = 3, Settings = [WidgetSetting.Number(DocumentsWidget.Rows, "RowsShown", 0, 20, DocumentLibrary.RunningShown)],
            });
        portal.AddStorage();
        portal.NotificationKind<DocumentsTexts>("documents.ready", "KindReady").NotificationKind<DocumentsTexts>("documents.problem", "KindProblem").NotificationKind<DocumentsTexts>("documents.changed", "KindChanged");
        portal.PersonalData<DocumentsPersonalData>();
        portal.AddIntake();
        portal.Services.AddSingleton<InspectStep>();
        portal.Services.AddSingleton<ConvertStep>();
        portal.Services.AddSingleton<OcrStep>();
        portal.Services.AddSingleton<DocumentReader>();
        portal.Services.AddSingleton<ReadingTools>();
        portal.Services.AddScoped<PageImages>();
        portal.Services.AddHostedService<DocumentsFollower>();
        portal.Services.AddScoped<DocumentsService>();
        portal.Services.AddScoped<DocumentBulk>();
        portal.Services.AddScoped<DocumentLibrary>();
        portal.Services.AddScoped<DocumentCommands>();
        portal.Services.AddScoped<DocumentEditing>();
        portal.Services.AddScoped<LibraryCommands>();
        portal.Services.AddScoped<DocumentChoices>();
        portal.Services.AddScoped<CollectionsService>();
        portal.Services.AddScoped<TagsService>();
        portal.Services.AddScoped<BinService>();
        portal.Services.AddScoped<RetentionPreview>();
        portal.Services.AddScoped<RetentionMover>();
        portal.Services.AddScoped<DocumentHistory>();
        portal.Services.AddScoped<DocumentsBadge>();
        portal.Services.AddScoped<IJobProgressText, ReadingWords>();
        portal.AddExtraction();
        return portal.AddClassification();
    }

    public static void MapDocuments(this WebApplication app)
    {
        DocumentEndpoints.Map(app);
        UploadEndpoints.Map(app);
        ConverterEndpoints.Map(app);
    }
}
