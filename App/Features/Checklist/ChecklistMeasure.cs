using BlazorAdmin.Data;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Checklist;

/// <summary>Asks every point how it stands. For callers that have authorised.</summary>
public sealed class ChecklistMeasure(IEnumerable<IChecklistItem> items, IDbContextFactory<AppDbContext> databases, ChecklistStatus status, ILogger<ChecklistMeasure> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public IChecklistItem? Find(string key) => items.FirstOrDefault(item => item.Key == key);

    /// <param name="address">Of the page that asks; null where no page does.</param>
    public async Task<IReadOnlyList<ChecklistRow>> RowsAsync(Guid tenantId, Uri? address, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var marks = await db.Set<ChecklistMark>().AsNoTracking().Where(m => m.TenantId == tenantId)
            .Select(m => new { Mark = m, By = db.Users.Where(u => u.Id == m.MarkedBy).Select(u => u.DisplayName).FirstOrDefault() }).ToDictionaryAsync(m => m.Mark.Item, cancellation);
        var rows = await Task.WhenAll(items.OrderBy(item => item.Order).ThenBy(item => item.Key, StringComparer.Ordinal).Select(async item =>
        {
            var found = marks.GetValueOrDefault(item.Key);
            var (mark, by) = (found?.Mark, found?.By);
            var finding = await MeasureAsync(item, new ChecklistLook(tenantId, address, mark is { Dismissed: false } ? mark.MarkedAt : null), cancellation);
            return new ChecklistRow(item, finding, mark is { Dismissed: true }, mark?.MarkedAt, by);
        }));
        status.Set(tenantId, rows.Any(row => row.NeedsSomebody));
        return rows;
    }

    // One point that fails or dawdles does not keep the others away.
    private async Task<ChecklistFinding> MeasureAsync(IChecklistItem item, ChecklistLook look, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await item.MeasureAsync(look, limit.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            var reference = ErrorReference.New();
            ChecklistLog.MeasureFailed(log, exception, item.Key, reference);
            return new ChecklistFinding(ChecklistState.Unknown, NotMeasured, reference);
        }
    }

    /// <summary>Key of the text, in this slice's texts, for a point that could not be measured.</summary>
    public const string NotMeasured = "NotMeasured";
}
