using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Failed jobs, which wait for a person.</summary>
public sealed class JobsBadge(JobFigures figures, CurrentCaller current, Topic<JobChanged> changes) : INavigationBadge
{
    public bool NeedsAttention => true;

    public async ValueTask<int> CountAsync(CancellationToken cancellation)
    {
        if (await current.GetAsync(cancellation) is not { } caller) return 0;
        return (await figures.CountsAsync(caller.TenantId).WaitAsync(cancellation)).Of(JobState.Failed).Count;
    }

    // Only a job that failed, or that a person took up again, can change the number.
    public IDisposable Subscribe(Action changed) => changes.Subscribe(change =>
    {
        if (change.State is not (JobState.Running or JobState.Succeeded)) changed();
    }, changed);
}
