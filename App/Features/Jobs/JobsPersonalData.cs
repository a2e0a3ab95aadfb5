using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Work that somebody caused. What has not run is handed over or cancelled, always cancelled where it would do what its owner may; what has run stays, without the person.</summary>
public sealed class JobsPersonalData(JobChanger jobs, JobTypes types) : IPersonalData
{
    public string Name => "jobs";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(Job), typeof(ScheduleEntry), typeof(JobPause)];

    public bool CanHandOver => true;

    public async Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) =>
        await Open(db, await db.TenantOfAsync(userId, cancellation), userId).CountAsync(cancellation);

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        await archive.WriteAsync(Name, db.Set<Job>().AsNoTracking().Where(j => j.TenantId == tenant && j.OwnerId == userId).OrderBy(j => j.Id)
            .Select(j => new { j.Id, j.Type, j.Subject, j.State, j.CreatedAt, j.FinishedAt }).AsAsyncEnumerable(), cancellation);
    }

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var (id, tenant) = (erasure.UserId, erasure.Caller.TenantId);
        var asOwner = types.All.Where(t => t.Rules.AsOwner).Select(t => t.Name).ToList();
        await CancelAsync(db, erasure, db.Set<Job>().Where(j => j.TenantId == tenant && j.OwnerId == id && asOwner.Contains(j.Type) && (j.State == JobState.Queued || j.State == JobState.Waiting || j.State == JobState.Running)), cancellation);
        if (erasure.HeirId is { } heir)
        {
            var given = await Open(db, tenant, id).OrderBy(j => j.Id).InPartsAsync(part => part.ExecuteUpdateAsync(set => set.SetProperty(j => j.OwnerId, heir), cancellation));
            if (given > 0) db.Audit(erasure.Caller, "jobs.hand_over", "user", id, detail: new { to = heir }, count: given);
        }
        else await CancelAsync(db, erasure, Open(db, tenant, id), cancellation);

        // Never what may still run: without an owner it would run as the portal itself.
        await db.Set<Job>().Where(j => j.TenantId == tenant && j.OwnerId == id && j.FinishedAt != null && (j.State == JobState.Succeeded || j.State == JobState.Cancelled || j.State == JobState.Discarded))
            .OrderBy(j => j.Id).InPartsAsync(part => part.ExecuteUpdateAsync(set => set.SetProperty(j => j.OwnerId, (Guid?)null), cancellation));
        // Pauses say by name who asked for them.
        if (await db.Users.Where(u => u.Id == id).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation) is not { } name) return;
        await db.Set<ScheduleEntry>().Where(s => s.PausedBy == name).ExecuteUpdateAsync(set => set.SetProperty(s => s.PausedBy, (string?)null), cancellation);
        await db.Set<JobPause>().Where(p => p.By == name).ExecuteUpdateAsync(set => set.SetProperty(p => p.By, (string?)null), cancellation);
    }

    private async Task CancelAsync(AppDbContext db, PersonalErasure erasure, IQueryable<Job> which, CancellationToken cancellation)
    {
        var ids = await which.Select(j => j.Id).ToListAsync(cancellation);
        foreach (var part in ids.Chunk(500)) await jobs.CancelAsync(db, erasure.Caller.TenantId, part, cancellation);
        if (ids.Count > 0) db.Audit(erasure.Caller, "jobs.cancel", "user", erasure.UserId, count: ids.Count);
    }

    private static IQueryable<Job> Open(AppDbContext db, Guid tenant, Guid userId) =>
        db.Set<Job>().Where(j => j.TenantId == tenant && j.OwnerId == userId && (j.State == JobState.Queued || j.State == JobState.Waiting));
}
