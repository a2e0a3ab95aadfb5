namespace BlazorAdmin.Features.Documents;

/// <summary>What of documents can be switched off while the portal runs.</summary>
public static class DocumentsFlags
{
    /// <summary>Taking in new documents: off while the disk fills up, or reading is in trouble. What is there stays.</summary>
    public const string Upload = "documents.upload";
}
