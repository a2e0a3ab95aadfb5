using System.Data.Common;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// The engine's statements where the two servers differ: claim, renew, report, finish, take back. All times are the
/// database's; every write of a run names its token and changes nothing once the token is gone. Connections are open.
/// </summary>
public interface IJobSql
{
    /// <summary>
    /// Makes a fresh connection fit for the engine's statements, which it keeps for long.
    /// </summary>
    Task PrepareAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>
    /// Takes up to <see cref="JobClaim.Max"/> due jobs without a limit key, highest priority first, then longest due: new token,
    /// counted attempt, lease. Concurrent claimers skip each other's jobs. May take fewer than are due; claim again until none comes.
    /// </summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, JobClaim claim, CancellationToken cancellation);

    /// <summary>
    /// Whether a claim could find anything of <paramref name="types"/>: one cheap statement for a node that has nothing to do.
    /// May be true without anything due (jobs with a limit key are not looked at closely), never false with it.
    /// </summary>
    Task<bool> MayClaimAsync(DbConnection connection, IReadOnlyList<string> types, CancellationToken cancellation);

    /// <summary>
    /// Tries to become the one process that claims jobs of limited types, until the transaction ends: limits hold on all nodes
    /// together, so what runs must not change while it is counted.
    /// </summary>
    Task<bool> TryLockLimitsAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellation);

    /// <summary>What waits of <paramref name="types"/>: the longest due job of each type, key and priority.</summary>
    /// <param name="after">Where to go on among the keys; the scan is bounded.</param>
    Task<IReadOnlyList<LimitedHead>> HeadsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> types, LimitedHead? after, int most, CancellationToken cancellation);

    /// <summary>As <see cref="ClaimAsync"/>, of the picks, in their order.</summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbConnection connection, DbTransaction transaction, JobClaim claim, IReadOnlyList<LimitedPick> picks, CancellationToken cancellation);

    /// <summary>Writes progress and log lines of runs that still hold their job.</summary>
    /// <returns>The runs that do.</returns>
    Task<IReadOnlyList<WrittenJob>> ReportAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunReport> reports, CancellationToken cancellation);

    /// <summary>Ends runs that still hold their job, and writes their attempts.</summary>
    /// <returns>The runs that did; the rest had lost their lease.</returns>
    Task<IReadOnlyList<WrittenJob>> FinishAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<RunEnd> ends, CancellationToken cancellation);

    /// <summary>Says that the node lives and renews its leases. Synchronous: the heartbeat's thread must not need the thread pool.</summary>
    /// <returns>The runs that still hold their job, and what else the node should know.</returns>
    BeatAnswer Beat(DbConnection connection, NodeBeat beat);

    /// <summary>Takes back jobs whose lease ended, or all of <paramref name="node"/>, whose process was started anew. Synchronous as <see cref="Beat"/>.</summary>
    /// <returns>The jobs: queued again, failed if it was their last attempt, or cancelled if that was asked for.</returns>
    IReadOnlyList<WrittenJob> TakeBack(DbConnection connection, DbTransaction? transaction, string? node);
}

/// <param name="Types">What this node can run and has room for, with the room for each.</param>
/// <param name="Patience">If set, jobs that have been due for longer come first, whatever their priority.</param>
public sealed record JobClaim(string Node, TimeSpan Lease, int Max, IReadOnlyList<TypeRoom> Types, TimeSpan? Patience = null);

/// <param name="Room">How many more of the type may run here.</param>
public readonly record struct TypeRoom(string Type, int Room);

public sealed record ClaimedJob(
    long Id, Guid Token, Guid TenantId, Guid? OwnerId, string Type, string Arguments, string IdempotencyKey, int Attempt, int MaxAttempts, int Version,
    int Priority, string? Cursor, double WaitedSeconds, string? LimitKey);

/// <param name="Key">Null for jobs without one.</param>
public sealed record LimitedHead(string Type, string? Key, int Priority, DateTimeOffset DueAt);

/// <param name="Take">At most so many of them.</param>
public readonly record struct LimitedPick(string Type, string? Key, int Priority, int Take);

/// <summary>What one flush writes of a run. Null progress or message leaves the old one.</summary>
public sealed record RunReport(long JobId, Guid Token, double? Progress, string? Message, IReadOnlyList<ReportedLine> Lines);

public readonly record struct ReportedLine(DateTimeOffset At, LogLevel Level, string Message);

/// <param name="State">What becomes of the job; <see cref="JobState.Queued"/> turns into cancelled if that was asked for.</param>
/// <param name="Delay">Wait before the next attempt; null keeps the job's place in the queue.</param>
/// <param name="Counts">False if the run must not count as an attempt.</param>
/// <param name="Began">False if the handler was never called: then no attempt is written.</param>
public sealed record RunEnd(long JobId, Guid Token, JobState State, JobOutcome Outcome, string? Error, TimeSpan? Delay = null, bool Counts = true, bool Began = true)
{
    /// <summary>How long the handler ran.</summary>
    public TimeSpan Ran { get; init; }

    /// <summary>Monotonic time of the end, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>: the end may be written later.</summary>
    public long EndedAt { get; init; } = System.Diagnostics.Stopwatch.GetTimestamp();
}

/// <param name="Token">Of the run that was reported, finished or taken back.</param>
/// <param name="HasFollowers">Others wait for its end.</param>
/// <param name="InBatch">It belongs to a batch.</param>
public readonly record struct WrittenJob(long Id, Guid Token, JobState State, int Version, bool HasFollowers = false, bool InBatch = false);

public sealed record NodeBeat(string Node, Guid Instance, DateTimeOffset StartedAt, int Slots, int Running, int Buffered, TimeSpan Lease, IReadOnlyList<BeatRun> Runs);

/// <param name="Held">The runs that still hold their job.</param>
/// <param name="Draining">A person asked the node to take nothing new.</param>
/// <param name="AnyLost">The lease of some run, of any node, is over: there is something to take back.</param>
public sealed record BeatAnswer(IReadOnlyList<HeldLease> Held, bool Draining, bool AnyLost);

/// <param name="Stopping">It was told to stop and has not ended.</param>
/// <param name="Stuck">It has not for so long that it seems to ignore it.</param>
public readonly record struct BeatRun(long JobId, Guid Token, bool Stopping, bool Stuck);

/// <param name="Changed">The beat wrote something that viewers see.</param>
public readonly record struct HeldLease(long JobId, Guid Token, bool CancelRequested, int Version, bool Changed);
