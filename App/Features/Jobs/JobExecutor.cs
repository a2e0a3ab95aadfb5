using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Runs one claimed job in a scope of its own and decides what its end means.</summary>
internal sealed class JobExecutor(IServiceScopeFactory scopes, JobAcknowledger acknowledger, RunningJobs running, IOptionsMonitor<JobsOptions> options, TimeProvider time, ILogger<JobExecutor> log)
{
    public async Task RunAsync(RunningJob job)
    {
        var (end, exception) = await ExecuteAsync(job);
        // What a handler's own cancellation callback throws must not keep the end of the run from being written.
        await job.WhenStopped().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end is null)
        {
            // Somebody else has the job now; whatever this run did is not written.
            running.Remove(job);
            return;
        }

        if (end.Outcome is JobOutcome.Failed or JobOutcome.TimedOut) JobsLog.RunFailed(log, exception, job.JobId, job.Type.Name, job.Attempt, end.State);
        acknowledger.End(job, end);
    }

    private async Task<(RunEnd? End, Exception? Exception)> ExecuteAsync(RunningJob job)
    {
        var rules = job.Type.Rules;
        await using var timeout = rules.TimeoutSeconds == 0
            ? null
            : time.CreateTimer(static state => ((RunningJob)state!).Stop(StopReason.TimedOut), job, TimeSpan.FromSeconds(rules.TimeoutSeconds), Timeout.InfiniteTimeSpan);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Caller.Portal with { TenantId = job.Claim.TenantId, UserId = job.Claim.OwnerId });
            await job.Type.RunAsync(scope.ServiceProvider, job.Claim.Arguments, job, job.Cancellation);
            return (End(job, JobState.Succeeded, JobOutcome.Succeeded, null), null);
        }
        catch (Exception exception) when (job.Stopped != StopReason.None)
        {
            return (EndOfStopped(job), exception);
        }
        catch (JobFailedException exception)
        {
            return (End(job, JobState.Failed, JobOutcome.Failed, exception.Message), exception);
        }
        catch (Exception exception)
        {
            return (Retry(job, JobOutcome.Failed, JobReasons.Of(exception)), exception);
        }
    }

    private RunEnd? EndOfStopped(RunningJob job) => job.Stopped switch
    {
        StopReason.Cancelled => End(job, JobState.Cancelled, JobOutcome.Cancelled, JobReasons.Cancelled),
        StopReason.TimedOut => Retry(job, JobOutcome.TimedOut, JobReasons.TimedOut(job.Type.Rules.TimeoutSeconds)),
        StopReason.ShuttingDown => End(job, JobState.Queued, JobOutcome.Interrupted, JobReasons.ShutDown) with { Counts = false },
        _ => null,
    };

    private RunEnd Retry(RunningJob job, JobOutcome outcome, string error)
    {
        var left = job.Claim.MaxAttempts - job.Claim.Attempt;
        if (left <= 0) return End(job, JobState.Failed, outcome, error);
        var settings = options.CurrentValue;
        // After a person's retry the waits begin anew, so failures are counted from the attempts that are left.
        var failures = Math.Max(1, job.Type.Rules.MaxAttempts - left);
        var delay = JobBackoff.Delay(failures, TimeSpan.FromSeconds(settings.BackoffSeconds), TimeSpan.FromSeconds(settings.LongestBackoffSeconds), Random.Shared.NextDouble());
        return End(job, JobState.Queued, outcome, error) with { Delay = delay };
    }

    private static RunEnd End(RunningJob job, JobState state, JobOutcome outcome, string? error) =>
        new(job.JobId, job.Claim.Token, state, outcome, JobText.Clean(error, JobConfiguration.ErrorLength), TimeSpan.Zero, Counts: true);
}
