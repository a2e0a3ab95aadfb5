using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Users;

/// <summary>Works off a list of people that somebody brought in.</summary>
[JobType("users.import", MaxAttempts = 5, TimeoutSeconds = 7_200, MaxRunning = 1, ByHand = false, AsOwner = true)]
public sealed record ImportUsers(Guid ImportId);

/// <summary>How far an import is. Names and addresses stay in the sealed rows.</summary>
/// <param name="Next">Index of the next row.</param>
/// <param name="Tail">What became of the rows that are done and not in the report yet.</param>
public sealed record ImportCursor(int Next, IReadOnlyList<ImportVerdict> Tail);
