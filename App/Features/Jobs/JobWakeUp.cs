using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Gives enqueued jobs the operator's rules, and announces them to the workers and viewers once their transaction is committed, and never before: a worker that
/// is told too early finds nothing.
/// </summary>
/// <remarks>Takes the topics when the first job comes: the carrier of topics may itself need the contexts that this belongs to.</remarks>
public sealed class JobWakeUp(IServiceProvider services) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is AppDbContext db) Announce(db);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    private void Announce(AppDbContext db)
    {
        var added = db.ChangeTracker.Entries<Job>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).ToList();
        if (added.Count == 0) return;
        var rules = services.GetRequiredService<JobRules>();
        foreach (var job in added) rules.Apply(job);
        db.AfterCommit(() =>
        {
            var ready = services.GetRequiredService<Topic<JobsReady>>();
            foreach (var queue in added.Select(j => j.Queue).Distinct()) ready.Publish(new JobsReady(queue));
            services.GetRequiredService<Topic<JobChanged>>().Publish([.. added.Select(j => new JobChanged(j.Id, j.Version, j.State))]);
        });
    }
}
