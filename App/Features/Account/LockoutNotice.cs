using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Account;

/// <summary>Sign-in to an account, which may not exist, was locked for an address.</summary>
/// <param name="Account">The account's normalised address; null if there is none.</param>
/// <param name="From">The address that is locked.</param>
[JobType("account.locked", Queue = "mail", MaxAttempts = 5, ByHand = false)]
public sealed record LockoutNotice(string? Account, string From, DateTimeOffset At);
