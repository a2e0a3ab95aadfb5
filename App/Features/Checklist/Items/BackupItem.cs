using BlazorAdmin.Data;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>A backup was made within the last seven days.</summary>
public sealed class BackupItem(IDbContextFactory<AppDbContext> databases, IEnumerable<NavigationEntry> pages, TimeProvider time) : IChecklistItem
{
    private const int Days = 7;
    private const string Page = "/admin/backup";

    public string Key => "backup";

    public int Order => 30;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "BackupTitle";

    public async Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var last = await db.Set<BackupRun>().Where(r => r.State == BackupState.Done).OrderByDescending(r => r.StartedAt).Select(r => r.FinishedAt).FirstOrDefaultAsync(cancellation);
        var finding = last is not { } at ? new ChecklistFinding(ChecklistState.Open, "BackupNone", Days)
            : at < time.GetUtcNow().AddDays(-Days) ? new ChecklistFinding(ChecklistState.Open, "BackupOld", at, Days)
            : new ChecklistFinding(ChecklistState.Done, "BackupDone", at);
        return finding with { Link = pages.Any(page => page.Route == Page) ? Page : null };
    }
}
