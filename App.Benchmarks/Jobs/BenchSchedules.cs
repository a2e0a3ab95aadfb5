using System.Globalization;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>All that the benchmark knows of schedules: how one is registered, and when the tick of a job was due.</summary>
internal static class BenchSchedules
{
    /// <summary>Schedules that each fire every second: that many ticks at the same moment.</summary>
    public static void Register(Shell.Portal portal, int count)
    {
        for (var number = 0; number < count; number++) portal.Schedule($"bench.tick{number}", "* * * * * ?", new TickedJob(number));
    }

    // The key of a tick's job is the schedule's name and the time.
    public static DateTimeOffset DueOf(JobContext job) =>
        DateTimeOffset.Parse(job.IdempotencyKey[(job.IdempotencyKey.LastIndexOf('@') + 1)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
