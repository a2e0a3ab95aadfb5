using System.Text.Json;
using BlazorAdmin.Data;
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
}

public static class JobQueueExtensions
{
    /// <summary>
    /// Adds a job to <paramref name="db"/>: it exists exactly if the caller's own changes commit with it, and starts soon after.
    /// </summary>
    /// <returns>The job; its id is known after saving.</returns>
    public static Job Enqueue<TArguments>(this AppDbContext db, TArguments arguments, Caller caller, DateTimeOffset now, EnqueueOptions? options = null)
        where TArguments : class
    {
        var rules = JobType.RulesOf(typeof(TArguments));
        var job = new Job
        {
            TenantId = caller.TenantId,
            OwnerId = caller.UserId,
            Type = rules.Name,
            Queue = rules.Queue,
            Priority = options?.Priority ?? rules.Priority,
            State = JobState.Queued,
            Subject = options?.Subject,
            SubjectUrl = options?.SubjectUrl,
            Arguments = JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web),
            IdempotencyKey = options?.IdempotencyKey ?? Guid.NewGuid().ToString("N"),
            CreatedAt = now,
            DueAt = options?.DueAt ?? now,
            MaxAttempts = rules.MaxAttempts,
        };
        db.Add(job);
        return job;
    }
}
