using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit.Chain;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>The head of the audit is signed in the database and beside it, and both are this installation's own.</summary>
public sealed class AuditAnchorItem(IDbContextFactory<AppDbContext> databases, ChainAnchors anchors, AnchorFile file) : IChecklistItem
{
    public string Key => "audit-anchor";

    public int Order => 70;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "AnchorTitle";

    public async Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (stored, beside) = (await anchors.InDatabaseAsync(db, cancellation), anchors.InFile());
        var finding = stored.IsForged || beside.IsForged ? new ChecklistFinding(ChecklistState.Open, "AnchorForged", file.FilePath)
            : stored.Anchor is null ? new ChecklistFinding(ChecklistState.Unknown, "AnchorNone")
            : beside.Anchor is null ? new ChecklistFinding(ChecklistState.Open, "AnchorNoFile", file.FilePath)
            : new ChecklistFinding(ChecklistState.Done, "AnchorDone", beside.Anchor.At, file.FilePath);
        return finding with { Link = "/admin/audit" };
    }
}
