using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs;

/// <summary>What may differ from the rules of the type.</summary>
public sealed record EnqueueOptions
{
    public string? Subject { get; init; }

    public string? SubjectUrl { get; init; }

    public int? Priority { get; init; }

    /// <summary>Not before this time; null for at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Shares the limits of its type with the jobs of the same key; only for types with a limit per key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>For people, without blanks.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The schedule whose tick it is.</summary>
    public string? Schedule { get; init; }
}

public static class JobQueueExtensions
{
    /// <summary>
    /// Adds a job to <paramref name="db"/>: it exists exactly if the caller's own changes commit with it, and starts soon after.
    /// </summary>
    /// <param name="now">Time of the enqueuing node, shown as the job's creation.</param>
    /// <returns>The job; its id and due time are known after saving.</returns>
    public static Job Enqueue<TArguments>(this AppDbContext db, TArguments arguments, Caller caller, DateTimeOffset now, EnqueueOptions? options = null)
        where TArguments : class
    {
        var job = Build(arguments, caller, now, options);
        db.Add(job);
        JobSearchFields.AddFor(db, job, arguments);
        return job;
    }

    internal static Job Build<TArguments>(TArguments arguments, Caller caller, DateTimeOffset now, EnqueueOptions? options) where TArguments : class
    {
        var rules = JobType.RulesOf(typeof(TArguments));
        var priority = options?.Priority ?? rules.Priority;
        ArgumentOutOfRangeException.ThrowIfLessThan(priority, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, 10, nameof(options));
        return new Job
        {
            TenantId = caller.TenantId,
            OwnerId = caller.UserId,
            Type = rules.Name,
            Queue = rules.Queue,
            Priority = priority,
            State = JobState.Queued,
            Subject = JobText.Clean(options?.Subject, JobConfiguration.MessageLength),
            SubjectUrl = options?.SubjectUrl,
            Arguments = JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web),
            IdempotencyKey = options?.IdempotencyKey ?? Guid.NewGuid().ToString("N"),
            CreatedAt = now,
            // Left to the database where it is "at once": a node whose clock is ahead must not delay its jobs.
            DueAt = options?.DueAt ?? default,
            MaxAttempts = rules.MaxAttempts,
            LimitKey = options?.LimitKey,
            Tags = options is { Tags.Count: > 0 } ? string.Join(' ', options.Tags) : null,
            Schedule = options?.Schedule,
            ParentId = JobExecutor.Current.Value,
        };
    }
}
