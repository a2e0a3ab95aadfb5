namespace BlazorAdmin.Features.Documents;

public static class DocumentsPermissions
{
    /// <summary>Give files to the portal; read and delete one's own.</summary>
    public const string Own = "documents.own";

    /// <summary>Read everybody's.</summary>
    public const string Read = "documents.read";

    /// <summary>Delete, restore and read again everybody's.</summary>
    public const string Manage = "documents.manage";

    /// <summary>Make collections and say who may see them. It opens no document: for that it takes a grant, and giving one is audited.</summary>
    public const string ManageCollections = "documents.manage_collections";
}
