using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Types, models, duplicates and versions.</summary>
internal static class ClassificationSetup
{
    public static Portal AddClassification(this Portal portal)
    {
        portal.Topic<ClassifierChanged>("documents.classifier")
            .Job<TrainClassifier, TrainClassifierHandler>()
            .Job<ClassifyDocuments, ClassifyDocumentsHandler>()
            .Navigation(new NavigationEntry("/admin/documents/types", typeof(ClassificationTexts), "TypesOfDocuments", NavigationGroup.Content, "flag", DocumentsPermissions.Read, 12) { Badge = typeof(UnsureBadge) });
        portal.NotificationKind<ClassificationTexts>("documents.model", "KindModel");
        portal.Services.AddScoped<UnsureBadge>();
        portal.Services.AddScoped<IJobProgressText, ClassificationWords>();
        AddServices(portal.Services);
        return portal;
    }

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ClassifyReading>();
        services.AddScoped<DocumentTypes>().AddScoped<DocumentTyping>().AddScoped<ClassifierModels>().AddScoped<ClassificationCommands>();
        services.AddScoped<DuplicateFinder>().AddScoped<DuplicateCommands>().AddScoped<DocumentVersions>();
    }
}
