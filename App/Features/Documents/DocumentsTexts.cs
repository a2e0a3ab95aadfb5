namespace BlazorAdmin.Features.Documents;

public sealed class DocumentsTexts;
