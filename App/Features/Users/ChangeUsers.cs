using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Users;

/// <summary>Carries out a command on more accounts than one transaction takes.</summary>
/// <param name="Filter">Query string of the list; null if <paramref name="Ids"/> name the accounts.</param>
/// <param name="AskedAt">Who came later is not meant.</param>
/// <param name="Count">How many were meant then.</param>
[JobType(Name, MaxAttempts = 5, TimeoutSeconds = 7_200, MaxRunning = 1, ByHand = false, AsOwner = true)]
public sealed record ChangeUsers(BulkUserCommand Command, Guid? Role, string? Filter, IReadOnlyList<Guid>? Ids, DateTimeOffset AskedAt, int Count)
{
    public const string Name = "users.change";
}

/// <summary>Takes back what <see cref="ChangeUsers"/> did, for those whom it changed and who are still so.</summary>
/// <param name="BulkId">The job that did it.</param>
[JobType("users.change_undo", MaxAttempts = 5, TimeoutSeconds = 7_200, MaxRunning = 1, ByHand = false, AsOwner = true)]
public sealed record UndoChangeUsers(long BulkId);

/// <summary>How far such a job is.</summary>
/// <param name="Last">The last account that was looked at.</param>
public sealed record ChangeUsersCursor(Guid? Last, int Done, int Changed, IReadOnlyDictionary<UserOutcome, int> Skipped);

/// <summary>How far taking back is.</summary>
/// <param name="Row">The last audit row whose accounts were looked at.</param>
public sealed record UndoChangeUsersCursor(long Row, int Changed);
