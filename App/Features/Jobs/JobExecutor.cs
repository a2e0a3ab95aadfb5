using System.Diagnostics;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Runs one claimed job in a scope of its own and decides what its end means.</summary>
internal sealed class JobExecutor(IServiceScopeFactory scopes, JobAcknowledger acknowledger, RunningJobs running, IOptionsMonitor<JobsOptions> options, TimeProvider time, ILogger<JobExecutor> log)
{
    /// <summary>The job whose handler runs in this flow of control; null elsewhere.</summary>
    internal static readonly AsyncLocal<long?> Current = new();

    public async Task RunAsync(RunningJob job)
    {
        var began = Stopwatch.GetTimestamp();
        // One that was cancelled while it waited for a slot never begins.
        job.Began = job.Stopped == StopReason.None;
        using var trace = JobTrace.Start(job);
        var (end, exception) = await ExecuteAsync(job);
        JobTrace.Finish(trace, end, exception);
        var ended = Stopwatch.GetTimestamp();
        // What a handler's own cancellation callback throws must not keep the end of the run from being written.
        await job.WhenStopped().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end is null)
        {
            // Somebody else has the job now; whatever this run did is not written.
            running.Remove(job);
            return;
        }

        if (end.Outcome is JobOutcome.Failed or JobOutcome.TimedOut) JobsLog.RunFailed(log, exception, job.JobId, job.Type.Name, job.Attempt, end.State);
        if (job.Began) JobsMeter.Ran(job.Type.Name, end.Outcome, Stopwatch.GetElapsedTime(began, ended));
        acknowledger.End(job, end with { Ran = Stopwatch.GetElapsedTime(began, ended), EndedAt = ended });
    }

    /// <summary>Hands back a job that was claimed and never begun.</summary>
    public void HandBack(RunningJob job) =>
        acknowledger.End(job, new RunEnd(job.JobId, job.Claim.Token, JobState.Queued, JobOutcome.Interrupted, null, Counts: false, Began: false));

    private async Task<(RunEnd? End, Exception? Exception)> ExecuteAsync(RunningJob job)
    {
        if (!job.Began) return (EndOfStopped(job), null);
        var seconds = job.Rule.TimeoutSeconds;
        await using var timeout = seconds == 0
            ? null
            : time.CreateTimer(static state => ((RunningJob)state!).Stop(StopReason.TimedOut), job, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        try
        {
            Current.Value = job.JobId;
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Caller.Portal with { TenantId = job.Claim.TenantId, UserId = job.Claim.OwnerId });
            await job.Type.RunAsync(scope.ServiceProvider, job.Claim.Arguments, job, job.Cancellation);
            return (End(job, JobState.Succeeded, JobOutcome.Succeeded, null), null);
        }
        catch (Exception exception) when (job.Stopped != StopReason.None)
        {
            return (EndOfStopped(job), exception);
        }
        catch (JobSnoozedException exception)
        {
            return (End(job, JobState.Queued, JobOutcome.Snoozed, exception.Message) with { Delay = exception.Delay, Counts = false }, exception);
        }
        catch (JobFailedException exception)
        {
            return (End(job, JobState.Failed, JobOutcome.Failed, exception.Message), exception);
        }
        catch (Exception exception) when (Array.Exists(job.Type.Rules.FinalErrors, type => type.IsInstanceOfType(exception)))
        {
            return (End(job, JobState.Failed, JobOutcome.Failed, JobReasons.Of(exception)), exception);
        }
        catch (Exception exception)
        {
            return (Retry(job, JobOutcome.Failed, JobReasons.Of(exception)), exception);
        }
    }

    private RunEnd? EndOfStopped(RunningJob job) => job.Stopped switch
    {
        StopReason.Cancelled => End(job, JobState.Cancelled, JobOutcome.Cancelled, JobReasons.Cancelled),
        StopReason.TimedOut => Retry(job, JobOutcome.TimedOut, JobReasons.TimedOut(job.Rule.TimeoutSeconds)),
        StopReason.ShuttingDown => End(job, JobState.Queued, JobOutcome.Interrupted, JobReasons.ShutDown) with { Counts = false },
        _ => null,
    };

    private RunEnd Retry(RunningJob job, JobOutcome outcome, string error)
    {
        var left = job.Claim.MaxAttempts - job.Claim.Attempt;
        if (left <= 0) return End(job, JobState.Failed, outcome, error);
        // After a person's retry the waits begin anew, so failures are counted from the attempts that are left.
        var failures = Math.Max(1, job.Rule.MaxAttempts - left);
        return End(job, JobState.Queued, outcome, error) with { Delay = (job.Rule.Retry ?? PortalStrategy()).Delay(failures, Random.Shared.NextDouble()) };
    }

    private RetryStrategy PortalStrategy() =>
        new(RetryKind.Exponential, [TimeSpan.FromSeconds(options.CurrentValue.BackoffSeconds), TimeSpan.FromSeconds(options.CurrentValue.LongestBackoffSeconds)]);

    // What was stopped before it began was no attempt.
    private static RunEnd End(RunningJob job, JobState state, JobOutcome outcome, string? error) =>
        new(job.JobId, job.Claim.Token, state, outcome, JobText.Clean(error, JobConfiguration.ErrorLength), Counts: job.Began, Began: job.Began);
}
