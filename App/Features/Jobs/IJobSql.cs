using System.Data.Common;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// The engine's statements where the two servers differ: claim, renew, report, finish, take back. All times are the
/// database's; every write of a run names its token and changes nothing once the token is gone. Connections are open.
/// </summary>
public interface IJobSql
{
    /// <summary>
    /// Takes up to <see cref="JobClaim.Max"/> due jobs, highest priority first, then longest due: new token, counted attempt,
    /// lease. Concurrent claimers skip each other's jobs. May take fewer than are due; claim again until none comes.
    /// </summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation);

    /// <summary>Writes progress and log lines of runs that still hold their job.</summary>
    /// <returns>The runs that do.</returns>
    Task<IReadOnlyList<WrittenJob>> ReportAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunReport> reports, CancellationToken cancellation);

    /// <summary>Ends runs that still hold their job, and writes their attempts.</summary>
    /// <returns>The runs that did; the rest had lost their lease.</returns>
    Task<IReadOnlyList<WrittenJob>> FinishAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunEnd> ends, CancellationToken cancellation);

    /// <summary>Says that the node lives and renews its leases. Synchronous: the heartbeat's thread must not need the thread pool.</summary>
    /// <returns>The runs that still hold their job.</returns>
    IReadOnlyList<HeldLease> Beat(DbConnection connection, NodeBeat beat);

    /// <summary>Takes back jobs whose lease ended, or all of <paramref name="node"/>, whose process was started anew. Synchronous as <see cref="Beat"/>.</summary>
    /// <returns>The jobs: queued again, failed if it was their last attempt, or cancelled if that was asked for.</returns>
    IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, string? node);
}

/// <param name="Types">What this node can run and has room for, with the room for each.</param>
public sealed record JobClaim(string Node, TimeSpan Lease, int Max, IReadOnlyList<TypeRoom> Types);

/// <param name="Room">How many more of the type may run here.</param>
public readonly record struct TypeRoom(string Type, int Room);

public sealed record ClaimedJob(
    long Id, Guid Token, Guid TenantId, Guid? OwnerId, string Type, string Arguments, string IdempotencyKey, int Attempt, int MaxAttempts, int Version);

/// <summary>What one flush writes of a run. Null progress or message leaves the old one.</summary>
public sealed record RunReport(long JobId, Guid Token, double? Progress, string? Message, IReadOnlyList<ReportedLine> Lines);

public readonly record struct ReportedLine(DateTimeOffset At, LogLevel Level, string Message);

/// <param name="State">What becomes of the job; <see cref="JobState.Queued"/> turns into cancelled if that was asked for.</param>
/// <param name="Delay">Wait before the next attempt.</param>
/// <param name="Counts">False if the run must not count as an attempt.</param>
public sealed record RunEnd(long JobId, Guid Token, JobState State, JobOutcome Outcome, string? Error, TimeSpan Delay, bool Counts);

/// <param name="Token">Of the run that was reported, finished or taken back.</param>
public readonly record struct WrittenJob(long Id, Guid Token, JobState State, int Version);

public sealed record NodeBeat(string Node, Guid Instance, DateTimeOffset StartedAt, int Slots, TimeSpan Lease, IReadOnlyList<(long JobId, Guid Token)> Runs);

public readonly record struct HeldLease(Guid Token, bool CancelRequested);
