using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>Somebody's dashboards. Handed over are those that others open by their link; the rest go with the account.</summary>
public sealed class DashboardPersonalData : IPersonalData
{
    public string Name => "dashboards";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(DashboardBoard)];

    public bool CanHandOver => true;

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.Set<DashboardBoard>().CountAsync(b => b.OwnerId == userId, cancellation);

    public Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation) => archive.WriteAsync(Name,
        db.Set<DashboardBoard>().AsNoTracking().Where(b => b.OwnerId == userId).OrderBy(b => b.Position).Select(b => new { b.Id, b.Name, b.Shared, b.Layout, b.UpdatedAt }).AsAsyncEnumerable(), cancellation);

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var boards = await db.Set<DashboardBoard>().Where(b => b.OwnerId == erasure.UserId).ToListAsync(cancellation);
        if (boards.Count == 0) return;
        var last = erasure.HeirId is { } heir ? await db.Set<DashboardBoard>().Where(b => b.OwnerId == heir).MaxAsync(b => (int?)b.Position, cancellation) ?? -1 : 0;
        var given = 0;
        foreach (var board in boards)
        {
            if (erasure.HeirId is not null && board.Shared) (board.OwnerId, board.Position) = (erasure.HeirId, last + ++given);
            else db.Remove(board);
        }

        db.Audit(erasure.Caller, given > 0 ? "dashboard.hand_over" : "dashboard.delete", "user", erasure.UserId, detail: new { to = erasure.HeirId, given }, count: boards.Count);
    }
}
