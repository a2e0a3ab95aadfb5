using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Jobs;

/// <summary>For slices whose things may be hidden from those who watch jobs.</summary>
public static class JobNames
{
    /// <summary>
    /// Takes the subject from every job with the searchable argument <paramref name="field"/> of one of these values, and the words that
    /// it was found by, inside the caller's transaction.
    /// </summary>
    public static async Task ForgetSubjectsAsync(this AppDbContext db, Guid tenant, string field, IReadOnlyCollection<string> values, CancellationToken cancellation)
    {
        var normal = values.Select(JobSearchFields.Normal).ToList();
        var jobs = await db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == field && normal.Contains(f.Value)).Select(f => f.JobId).ToListAsync(cancellation);
        foreach (var part in jobs.Chunk(1_000))
        {
            var ids = part.ToList();
            await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.Subject != null).ExecuteUpdateAsync(set => set.SetProperty(j => j.Subject, (string?)null), cancellation);
            await db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == JobField.Subject && ids.Contains(f.JobId)).ExecuteDeleteAsync(cancellation);
        }
    }
}
