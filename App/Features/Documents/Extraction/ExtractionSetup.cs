using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents.Extraction;

internal static class ExtractionSetup
{
    public static void AddExtraction(this Portal portal)
    {
        portal.Topic<RulesChanged>("documents.rules")
            .Job<ExtractDocuments, ExtractDocumentsHandler>()
            .Job<MeasureExtraction, MeasureExtractionHandler>()
            .Navigation(new NavigationEntry("/admin/documents/rules", typeof(ExtractionTexts), "Rules", NavigationGroup.Content, "filter", DocumentsPermissions.Read, 14));
        portal.Services.AddSingleton<DocumentExtraction>();
        portal.Services.AddScoped<DocumentCorrections>();
        portal.Services.AddScoped<ExtractionLibrary>();
        portal.Services.AddScoped<ExtractionRules>();
        portal.Services.AddScoped<ValidationRules>();
        portal.Services.AddScoped<ExtractionQuality>();
        portal.Services.AddScoped<ExtractionDialogs>();
        portal.Services.AddScoped<IJobProgressText, ExtractionWords>();
    }
}
