using System.Globalization;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Arguments of the job that verifies the whole chain.</summary>
[JobType(Name, MaxAttempts = 2, TimeoutSeconds = 0, MaxConcurrency = 1, Upkeep = true)]
public sealed record VerifyAudit
{
    public const string Name = "audit.verify";
}

/// <summary>Verifies and reports. A broken chain fails the job: whoever looks at the jobs sees it too.</summary>
public sealed class VerifyAuditHandler(Verifications verifications) : IJobHandler<VerifyAudit>
{
    public async Task RunAsync(VerifyAudit arguments, JobContext job, CancellationToken cancellation)
    {
        var report = await verifications.RunAsync(job.JobId, percent => job.Progress(percent), cancellation);
        job.Info(string.Create(CultureInfo.InvariantCulture, $"{report.Rows} rows up to #{report.Head} verified, {report.Unsealed} not sealed yet, {report.ProblemCount} problems."));
        foreach (var problem in report.Problems) job.Log(LogLevel.Error, problem.Describe());
        if (!report.IsSound) throw new JobFailedException($"The audit is not as it was written: {report.Problems[0].Describe()}{(report.ProblemCount > 1 ? $", and {report.ProblemCount - 1} more" : "")}.");
    }
}
