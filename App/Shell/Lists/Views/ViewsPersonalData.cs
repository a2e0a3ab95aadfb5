using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Shell.Lists.Views;

/// <summary>Somebody's saved views. Handed over are those that others see; the rest go with the account.</summary>
public sealed class ViewsPersonalData : IPersonalData
{
    public string Name => "views";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(SavedView)];

    public bool CanHandOver => true;

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.Set<SavedView>().CountAsync(v => v.OwnerId == userId, cancellation);

    public Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation) => archive.WriteAsync(Name,
        db.Set<SavedView>().AsNoTracking().Where(v => v.OwnerId == userId).OrderBy(v => v.List).Select(v => new { v.List, v.Name, v.Query, v.Shared, v.CreatedAt }).AsAsyncEnumerable(), cancellation);

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var views = await db.Set<SavedView>().Where(v => v.OwnerId == erasure.UserId).ToListAsync(cancellation);
        if (views.Count == 0) return;
        // As the strictest of the two servers compares them.
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (erasure.HeirId is { } heir) taken.UnionWith((await db.Set<SavedView>().Where(v => v.OwnerId == heir).Select(v => new { v.List, v.Name }).ToListAsync(cancellation)).Select(v => KeyOf(v.List, v.Name)));
        var given = 0;
        foreach (var view in views)
        {
            // A name is the owner's own: where the heir has it already, theirs stays.
            if (erasure.HeirId is { } owner && view.Shared && taken.Add(KeyOf(view.List, view.Name))) (view.OwnerId, given) = (owner, given + 1);
            else db.Remove(view);
        }

        db.Audit(erasure.Caller, given > 0 ? "views.hand_over" : "views.delete", "user", erasure.UserId, detail: new { to = erasure.HeirId, given }, count: views.Count);
    }

    private static string KeyOf(string list, string name) => $"{list}\n{name}";
}
